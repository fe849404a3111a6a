import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firing, type PostedAlert } from '../../support/alert-builder.ts';
import {
  startProxy,
  agentSource,
  allowLoopback,
  sendTo,
  type RunningProxy,
} from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { listen, type Listening } from '../../support/listen.ts';

const INNOCENT = 60;
const CHECKS = Array.from({ length: INNOCENT }, (_, index) => `check_${index}`);

let alertmanager: StubAlertmanager;
let innocent: Listening;
let hostile: Listening;
let proxy: RunningProxy;

beforeEach(async () => {
  alertmanager = await startStubAlertmanager();
  innocent = await listen((request, response) => {
    const names = new URL(request.url ?? '', 'http://x').searchParams.get('names')?.split(',') ?? [];
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({ checks: names.map((name) => ({ check: { name, output: `${name} is bad` } })) }),
    );
  });
  // 2 MB of elements that say nothing.
  const flood = Buffer.from(`{"checks":[${new Array(700_000).fill('{}').join(',')}]}`);
  hostile = await listen((_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(flood);
  });
  proxy = await startProxy({
    alertmanagers: [sendTo(alertmanager)],
    sources: [
      agentSource({
        batch: {
          label: 'check',
          url: 'http://{instance}/checks?names={check}',
          list: 'checks',
          name: 'check.name',
          max_response: '4MB',
        },
        allow: allowLoopback(innocent.port, hostile.port),
      }),
    ],
  });
});

afterEach(async () => {
  await proxy.stop();
  await Promise.all([alertmanager.close(), innocent.close(), hostile.close()]);
});

const at =
  (node: Listening) =>
  (check: string): PostedAlert =>
    firing({ instance: node.address, check });

describe('a node that answers with 700,000 elements', () => {
  it('costs no alert of another node its output', async () => {
    const alerts = [...CHECKS.map(at(hostile)), ...CHECKS.map(at(innocent))];

    expect((await proxy.post(alerts)).status).toBe(200);

    const outputs = alertmanager
      .alerts()
      .filter(({ labels }) => labels['instance'] === innocent.address)
      .map(({ annotations }) => annotations?.['check_output']);
    expect(outputs).toEqual(CHECKS.map((check) => `${check} is bad`));
  });
});
