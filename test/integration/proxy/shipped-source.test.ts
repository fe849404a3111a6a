import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { firing, resolved, type PostedAlert } from '../../support/alert-builder.ts';
import { listen, type Listening } from '../../support/listen.ts';
import { resultLine } from '../../support/result-line.ts';
import { createRunningAgent, type RunningAgent } from '../../support/running-agent.ts';
import { allowLoopback, sendTo, startProxy, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { waitFor } from '../../support/wait-for.ts';

const shipped = parse(
  readFileSync(join(import.meta.dirname, '../../../config/alertmanager-proxy.yml'), 'utf8'),
) as { sources: object[] };

let agent: RunningAgent;
/** The agent's own handler behind it, which remembers what was asked. */
let node: Listening;
let requests: string[];
let alertmanager: StubAlertmanager;
let proxy: RunningProxy;

beforeEach(async () => {
  agent = await createRunningAgent();
  requests = [];
  node = await listen((request, response) => {
    requests.push(request.url ?? '');
    agent.agent.handler(request, response);
  });
  alertmanager = await startStubAlertmanager();
  proxy = await startProxy({
    alertmanagers: [sendTo(alertmanager)],
    sources: shipped.sources.map((source) => ({
      ...source,
      // All of them share a process, which a busy machine may leave waiting.
      timeout: '9s',
      connect_timeout: '8s',
      allow: allowLoopback(node.port),
    })),
  });
});

afterEach(async () => {
  await proxy.stop();
  await Promise.all([alertmanager.close(), node.close(), agent.stop()]);
});

function alertOf(check: string, labels: Record<string, string> = {}): PostedAlert {
  return firing({ instance: `127.0.0.1:${node.port}`, check, ...labels });
}

/** What Alertmanager gets to read in each alert of the last batch. */
async function enrich(...alerts: PostedAlert[]): Promise<Record<string, string>[]> {
  await proxy.post(alerts);
  return alertmanager
    .alerts()
    .slice(-alerts.length)
    .map(({ annotations }) => ({ ...annotations }));
}

const CRITICAL = { name: 'check_disk', status: 2, output: 'DISK CRITICAL - /var 97 %\n' };

describe('the shipped configuration and the agent', () => {
  it('write all that the notifications need', async () => {
    agent.agent.configure({
      kind: 'whole',
      definitions: {
        client: {
          name: 'web-001',
          attributes: { address: '10.0.2.100', subscriptions: ['production', 'client:web-001'] },
        },
        checks: new Map(),
      },
    });
    agent.write(
      resultLine({
        ...CRITICAL,
        command: 'check_disk -w 90',
        notification: 'the disk is full',
        playbook: 'https://wiki.example.com/disk',
      }),
    );
    await agent.agent.start();

    expect(await enrich(alertOf('check_disk'))).toEqual([
      {
        check_output: CRITICAL.output,
        check_status_text: 'CRITICAL',
        check_issued: expect.stringMatching(/^1970-01-01 \d\d:\d\d:40 [+-]\d{4}$/),
        check_command: 'check_disk -w 90',
        check_occurrences: '1',
        client_address: '10.0.2.100',
        client_subscriptions: 'production,client:web-001',
        notification: 'the disk is full',
        playbook: 'https://wiki.example.com/disk',
      },
    ]);
  });

  it('tell an alert that still fires what made it fire, and one that is resolved that all is well', async () => {
    agent.write(
      resultLine(CRITICAL),
      resultLine({ name: 'check_disk', output: 'DISK OK\n', executed: 1060 }),
    );
    await agent.agent.start();
    const alert = alertOf('check_disk');

    const [whileFiring] = await enrich(alert);
    const [onceResolved] = await enrich(resolved(alert));

    expect(whileFiring).toMatchObject({
      check_output: `The check is OK by now. What it said before:\n${CRITICAL.output}`,
      check_status_text: 'CRITICAL',
    });
    expect(onceResolved).toMatchObject({ check_output: 'DISK OK\n', check_status_text: 'OK' });
  });

  it('ask a node once for all alerts of a batch, and write what they would write for each alone', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `check_${n}`);
    agent.write(...names.map((name) => resultLine({ ...CRITICAL, name, output: `${name} CRITICAL\n` })));
    await agent.agent.start();

    const together = await enrich(...names.map((name) => alertOf(name)));

    expect(requests).toEqual([`/checks?output=1&names=${names.join('%2C')}`]);
    const alone = await Promise.all(names.map((name) => agent.json(`/checks/${name}`)));
    expect(together.map(({ check_output }) => check_output)).toEqual(
      alone.map(({ check }) => (check as { output: string }).output),
    );
  });

  it('tell apart what a node knows and what it does not', async () => {
    agent.write(resultLine(CRITICAL));
    await agent.agent.start();

    const [known, unknown] = await enrich(alertOf('check_disk'), alertOf('check_gone'));

    expect(known).toMatchObject({ check_output: CRITICAL.output });
    expect(unknown).toEqual({
      check_output: 'could not fetch check output: the node does not know this check',
      check_fetch_error: 'not_found',
    });
    expect(requests).toHaveLength(1);
  });

  it('say that a check has no result yet, and what it said once an alert is about a result', async () => {
    agent.agent.configure({
      kind: 'whole',
      definitions: {
        client: { name: 'web-001', attributes: {} },
        checks: new Map([['check_disk', { command: 'check_disk -w 90' }]]),
      },
    });
    await agent.agent.start();
    const labels = { instance: `127.0.0.1:${node.port}`, check: 'check_disk' };

    const [unrun] = await enrich(firing({ ...labels, alertname: 'CheckNeverRan' }));
    agent.write(resultLine(CRITICAL));
    await waitFor('the result', async () => 'issued_text' in (await agent.json('/checks/check_disk')));
    const [known] = await enrich(firing(labels, { startsAt: new Date().toISOString() }));

    expect(unrun).toEqual({
      check_output: 'The check has no result yet.',
      check_command: 'check_disk -w 90',
    });
    expect(known).toMatchObject({ check_output: CRITICAL.output, check_status_text: 'CRITICAL' });
  });

  it('lose nothing to one large output', async () => {
    agent.write(
      resultLine(CRITICAL),
      // Of characters that take six times their size in JSON.
      resultLine({ ...CRITICAL, name: 'check_large', output: '\u0001'.repeat(1_000_000) }),
      resultLine({ ...CRITICAL, name: 'check_long', output: 'x'.repeat(1_000_000) }),
    );
    await agent.agent.start();

    const [small, , long] = await enrich(
      alertOf('check_disk'),
      alertOf('check_large'),
      alertOf('check_long'),
    );

    expect(small).toMatchObject({ check_output: CRITICAL.output });
    expect(long?.['check_output']).toMatch(/^x{3072}\n…\[/);
    expect(requests).toHaveLength(1);
  });

  it('ask for what a node says of another device', async () => {
    agent.write(
      resultLine(CRITICAL),
      ...['check_fan', 'check_psu'].map((name) => resultLine({ ...CRITICAL, name, source: 'switch-7' })),
    );
    await agent.agent.start();

    const annotations = await enrich(
      alertOf('check_fan', { source: 'switch-7' }),
      alertOf('check_psu', { source: 'switch-7' }),
      alertOf('check_disk'),
    );

    expect(annotations).toMatchObject([
      { check_output: CRITICAL.output, client_subscriptions: 'client:switch-7' },
      { check_output: CRITICAL.output, client_subscriptions: 'client:switch-7' },
      { check_output: CRITICAL.output },
    ]);
    expect(requests.sort()).toEqual([
      '/checks/check_disk',
      '/checks?output=1&names=check_fan%2Ccheck_psu&source=switch-7',
    ]);
  });
});
