import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { encodeBatch, firing } from '../support/alert-builder.ts';
import { callCommand } from '../support/call-command.ts';
import { agentSource, allowLoopback, sendTo } from '../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../support/stub-alertmanager.ts';
import { startStubSource, type StubSource } from '../support/stub-source.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const folder = createTempFolder();
let agent: StubSource;
let alertmanager: StubAlertmanager;
let config: string;

beforeAll(async () => {
  agent = await startStubSource({ '/checks/check_disk': { body: { check: { output: 'DISK OK' } } } });
  alertmanager = await startStubAlertmanager();
  const source = agentSource({
    allow: allowLoopback(agent.port),
    basic_auth: { username: 'proxy', password: 'hunter2' },
  });
  config = folder.write(
    'proxy.yml',
    stringify({
      alertmanagers: [sendTo(alertmanager)],
      enrichment: { deadline: '10s' },
      sources: [source],
    }),
  );
});

afterAll(async () => {
  await Promise.all([agent.close(), alertmanager.close()]);
  folder.remove();
});

describe('explain', () => {
  it('asks as the proxy would, shows what came, and forwards nothing', async () => {
    const alerts = folder.write(
      'alerts.json',
      encodeBatch([firing({ check: 'check_disk', instance: agent.address })]),
    );

    const { stdout, stderr, exitCode } = await callCommand(['explain', '--config.file', config, alerts]);

    expect(stdout).toContain(`  url          http://${agent.address}/checks/check_disk\n  result       ok, `);
    expect(stdout).toContain('    + check_output: DISK OK\n');
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect(agent.requests).toHaveLength(1);
    expect(alertmanager.posts).toHaveLength(0);
  });

  it('shows no secret, also where it fails', async () => {
    const labels = { check: 'check_gone', instance: agent.address };
    const alerts = folder.write('gone.json', encodeBatch([firing(labels), firing({ check: 'a' })]));

    const { stdout, stderr } = await callCommand(['explain', '--config.file', config, alerts]);

    expect(stdout).toMatch(/\n1 not_found, 1 template\n$/);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it.each([
    ['a file that is missing', 'missing.json', undefined, /missing\.json: cannot be read: no such file\n$/],
    [
      'a file that is no JSON',
      'words.json',
      'alerts',
      /words\.json: the file is not JSON; expected a JSON array of alerts\n$/,
    ],
    [
      'a file that is no array',
      'one.json',
      '{}',
      /one\.json: the file is JSON, but not an array of alerts\n$/,
    ],
  ])('says what is wrong with %s', async (_, name, content, sentence) => {
    const file = content === undefined ? `${folder.path}/${name}` : folder.write(name, content);

    const { stdout, stderr, exitCode } = await callCommand(['explain', '--config.file', config, file]);

    expect(stderr).toMatch(sentence);
    expect([stdout, exitCode]).toEqual(['', 1]);
  });

  it('says what is wrong with the configuration', async () => {
    const broken = folder.write('broken.yml', 'alertmanagers: []\n');

    const { stderr, exitCode } = await callCommand(['explain', '--config.file', broken, 'alerts.json']);

    expect(stderr).toContain('broken.yml:1');
    expect(stderr).toContain('alertmanagers');
    expect(exitCode).toBe(1);
  });
});
