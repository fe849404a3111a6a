import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firing, resolved } from '../../support/alert-builder.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { startStubSource, type StubSource } from '../../support/stub-source.ts';
import { agentSource, allowLoopback, startProxy, type RunningProxy } from '../../support/start-proxy.ts';

let agent: StubSource;
let alertmanagers: StubAlertmanager[];
let proxy: RunningProxy;

beforeEach(async () => {
  agent = await startStubSource({
    '/checks/check_disk': checkAnswer('DISK CRITICAL: /var 97 % used, 3 GB left'),
  });
  alertmanagers = [await startStubAlertmanager(), await startStubAlertmanager()];
  proxy = await startProxy({
    alertmanagers: [{ static_configs: [{ targets: alertmanagers.map(({ port }) => `127.0.0.1:${port}`) }] }],
    sources: [agentSource({ allow: allowLoopback(agent.port) })],
  });
});

afterEach(async () => {
  await proxy.stop();
  await Promise.all([agent, ...alertmanagers].map((stub) => stub.close()));
});

describe('POST /api/v2/alerts', () => {
  it('writes the output of the check into the alert', async () => {
    const response = await proxy.post([
      firing(diskLabels(), { annotations: { summary: 'check_disk is 2' } }),
    ]);

    expect(response.status).toBe(200);
    expect(alertmanagers[0]?.alerts()[0]?.annotations).toEqual({
      summary: 'check_disk is 2',
      check_output: 'DISK CRITICAL: /var 97 % used, 3 GB left',
    });
  });

  it('sends the same bytes to every Alertmanager', async () => {
    await proxy.post([firing(diskLabels()), firing({ job: 'other' })]);

    const [one, other] = alertmanagers.map(({ posts }) => posts[0]?.body);
    expect(one?.length).toBeGreaterThan(0);
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
  });

  it('asks anew once the alert has resolved', async () => {
    const alert = firing(diskLabels());
    await proxy.post([alert]);
    agent.route('/checks/check_disk', checkAnswer('DISK OK'));
    await proxy.post([resolved(alert)]);

    expect(alertmanagers[0]?.alerts()[1]?.annotations).toEqual({ check_output: 'DISK OK' });
  });

  it('asks once for an alert that is sent again unchanged', async () => {
    const alert = firing(diskLabels());
    await proxy.post([alert]);
    await proxy.post([alert]);

    expect(agent.requests).toHaveLength(1);
    expect(alertmanagers[0]?.alerts()[1]?.annotations).toEqual(alertmanagers[0]?.alerts()[0]?.annotations);
  });

  it('writes why there is no output, and the reason code', async () => {
    const response = await proxy.post([firing({ ...diskLabels(), check: 'check_gone' })]);

    expect(response.status).toBe(200);
    expect(alertmanagers[0]?.alerts()[0]?.annotations).toEqual({
      check_output: 'could not fetch check output: the node does not know this check (HTTP status 404)',
      check_fetch_error: 'not_found',
    });
  });
});

function diskLabels(): Record<string, string> {
  return { check: 'check_disk', instance: `127.0.0.1:${agent.port}` };
}

function checkAnswer(output: string): { body: string; headers: Record<string, string> } {
  return { body: JSON.stringify({ check: { output } }), headers: { 'content-type': 'application/json' } };
}
