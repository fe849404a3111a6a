import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { agentSource, allowLoopback } from '../../support/start-proxy.ts';
import { useProxy } from '../../support/proxy-scene.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const PAYLOADS = readdirSync(join(FIXTURES, 'captured')).filter((name) => name.endsWith('.json'));

const JSON_TYPE = { 'content-type': 'application/json' };
const DISK = 'DISK CRITICAL - „/var“ 97 % <used> & 3 GB left\nsee http://wiki/disk?a=1&b=2 🔥\u2028end';

const scene = useProxy({
  routes: {
    '/web-01.example.com%3A9100/check_disk': { body: { check: { output: DISK, status: 2 } } },
    '/db-07.fra1.example.com%3A9100/check_disk': {
      body: { check: { output: '\u001b[31mDISK\u001b[0m\r\n', status: 2 } },
    },
    '/db-07.fra1.example.com%3A9100/check_mysql_replication': { status: 500 },
    '/rules/Flap': { body: '"flap \\ud83d"', headers: JSON_TYPE },
    '/rules/%C3%9Cn%C3%AFcode%20%E2%9C%93%20%E8%AD%A6%E5%91%8A': { body: 'Größe 警告' },
    '/rules/BigAnnotation': { body: 'line\n'.repeat(2_000) },
  },
  config: ({ agent }) => ({
    sources: [
      agentSource({
        url: `${agent.url}/{instance}/{check}`,
        annotations: { check_output: 'check.output', check_status_text: 'to_string(check.status)' },
        allow: allowLoopback(agent.port),
      }),
      agentSource({
        name: 'rules',
        matchers: ['alertname!="NoAnnotations"'],
        url: `${agent.url}/rules/{alertname}`,
        annotations: { summary: '@', note: '@' },
        max_annotation: '40B',
        overwrite: true,
        allow: allowLoopback(agent.port),
      }),
    ],
  }),
  isShared: true,
});

// What is to be forwarded is kept byte for byte: nothing in it may depend on the clock or on ports.
// UPDATE_GOLDENS=true writes the files anew; look at the difference before you commit it.
describe('a payload captured from a real Prometheus', () => {
  it.each(PAYLOADS)('leaves as it always did: %s', async (name) => {
    const golden = join(FIXTURES, 'golden', name);

    const response = await scene.proxy.post(readFileSync(join(FIXTURES, 'captured', name)));

    expect(response.status).toBe(200);
    const body = scene.alertmanager.posts.at(-1)?.body.toString() ?? '';
    const forwarded = body.replaceAll(scene.agent.address, 'source.example.com:80');
    if (process.env['UPDATE_GOLDENS'] === 'true') writeFileSync(golden, forwarded);
    expect(forwarded).toBe(readFileSync(golden, 'utf8'));
  });

  it('has a golden, and each golden a payload', () => {
    expect(readdirSync(join(FIXTURES, 'golden'))).toEqual(PAYLOADS);
  });
});
