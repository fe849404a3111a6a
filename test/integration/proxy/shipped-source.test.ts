import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { LoadedConfiguration } from '../../../src/agent/loaded-configuration.ts';
import { firing, resolved, type PostedAlert } from '../../support/alert-builder.ts';
import { listen, type Listening } from '../../support/listen.ts';
import { resultLine } from '../../support/result-line.ts';
import { createRunningAgent, type RunningAgent } from '../../support/running-agent.ts';
import {
  allowLoopback,
  sendTo,
  startProxy,
  type ProxyConfig,
  type RunningProxy,
} from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { waitFor } from '../../support/wait-for.ts';

interface ShippedSource {
  readonly annotations: Readonly<Record<string, unknown>>;
}

const shipped = parse(
  readFileSync(join(import.meta.dirname, '../../../config/alertmanager-proxy.yml'), 'utf8'),
) as { sources: ShippedSource[] };

let agent: RunningAgent;
/** The agent's own handler behind it, which remembers what was asked. */
let node: Listening;
let requests: string[];
/** How long its answers were. */
let answeredBytes: number[];
let alertmanager: StubAlertmanager;
let proxy: RunningProxy;

beforeEach(async () => {
  agent = await createRunningAgent();
  requests = [];
  answeredBytes = [];
  node = await listen((request, response) => {
    requests.push(request.url ?? '');
    response.on('finish', () => answeredBytes.push(Number(response.getHeader('content-length'))));
    agent.agent.handler(request, response);
  });
  alertmanager = await startStubAlertmanager();
  proxy = await startProxy(configOf(shipped.sources));
});

afterEach(async () => {
  await proxy.stop();
  await Promise.all([alertmanager.close(), node.close(), agent.stop()]);
});

function configOf(sources: readonly ShippedSource[]): ProxyConfig {
  return {
    alertmanagers: [sendTo(alertmanager)],
    sources: sources.map((source) => ({
      ...source,
      // All of them share a process, which a busy machine may leave waiting.
      timeout: '9s',
      connect_timeout: '8s',
      allow: allowLoopback(node.port),
    })),
  };
}

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

const DISK_IS_DEFINED: LoadedConfiguration = {
  kind: 'whole',
  definitions: {
    client: { name: 'web-001', attributes: {} },
    checks: new Map([['check_disk', { command: 'check_disk -w 90' }]]),
  },
};
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

    expect(requests).toEqual([`/checks?output=1&max_bytes=4000&names=${names.join('%2C')}`]);
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

  it('write why there is no output where the output belongs, also if the annotations are sorted as a chart does', async () => {
    agent.write(resultLine(CRITICAL));
    await agent.agent.start();
    proxy.rewrite(
      configOf(
        shipped.sources.map((source) => ({
          ...source,
          annotations: Object.fromEntries(
            Object.entries(source.annotations).sort(([one], [other]) => (one < other ? -1 : 1)),
          ),
        })),
      ),
    );
    await proxy.reload();
    await node.close();

    const [annotations] = await enrich(alertOf('check_disk'));

    expect(annotations).toEqual({
      check_output: expect.stringMatching(/^could not fetch check output: the node refused/),
      check_fetch_error: 'refused',
    });
  });

  it('say that a check has no result yet, and what it said once an alert is about a result', async () => {
    agent.agent.configure(DISK_IS_DEFINED);
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

  it('keep the last known output of a node that comes back without its log', async () => {
    agent.agent.configure(DISK_IS_DEFINED);
    agent.write(resultLine(CRITICAL));
    await agent.agent.start();
    await enrich(alertOf('check_disk'));
    await agent.stop();
    agent = await createRunningAgent();
    agent.agent.configure(DISK_IS_DEFINED);
    await agent.agent.start();

    const labels = { instance: `127.0.0.1:${node.port}`, check: 'check_disk' };
    const [changed] = await enrich(firing(labels, { startsAt: new Date().toISOString() }));

    expect(changed).toMatchObject({
      check_output: expect.stringMatching(
        /^could not fetch check output: the node does not know this check \(it has no result of it any more\)\nlast known output, \d+s old:\nDISK CRITICAL/,
      ),
      check_status_text: 'CRITICAL',
      check_fetch_error: 'not_found',
    });
  });

  it('lose nothing to one large output', async () => {
    agent.write(
      resultLine(CRITICAL),
      // Of characters that take six times their size in JSON.
      resultLine({ ...CRITICAL, name: 'check_large', output: '\u0001'.repeat(600_000) }),
      resultLine({ ...CRITICAL, name: 'check_long', output: 'x'.repeat(1_000_000) }),
    );
    await agent.agent.start();

    const [small, large, long] = await enrich(
      alertOf('check_disk'),
      alertOf('check_large'),
      alertOf('check_long'),
    );

    expect(small).toMatchObject({ check_output: CRITICAL.output });
    // Control characters are no text, but it is told that they were there.
    expect(large?.['check_output']).toMatch(/^\n…\[\d{6} of 600000 bytes left out\]…\n$/);
    expect(long?.['check_output']).toMatch(/^x{2900,}\n…\[\d{6} of 1000000 bytes left out\]…\nx{900,}$/);
    expect(requests).toHaveLength(1);
  });

  it('write the same of a long output, however many checks are asked about, and cost no more than they write', async () => {
    const counts = [1, 10, 60];
    const nameOf = (count: number, n: number): string => `check_${count}_${n}`;
    const output = Array.from({ length: 20_000 }, (_, n) => `${n}`.padStart(7)).join('\n') + '\n';
    for (const count of counts)
      for (let n = 0; n < count; n++)
        agent.write(resultLine({ ...CRITICAL, name: nameOf(count, n), output }));
    await agent.agent.start();

    const texts = new Set<string | undefined>();
    for (const count of counts) {
      const alerts = Array.from({ length: count }, (_, n) => alertOf(nameOf(count, n)));
      for (const { check_output } of await enrich(...alerts)) texts.add(check_output);
    }

    expect([...texts]).toEqual([
      expect.stringMatching(
        /^ {6}0\n {6}1\n[^]*\n…\[156\d{3} of 160000 bytes left out\]…\n[^]*\n {2}19999\n$/,
      ),
    ]);
    // The current output and the last that was not OK.
    const bytesOfOne = 2 * 4_500 + 1_000;
    expect(Math.max(...answeredBytes)).toBeLessThan(50 * bytesOfOne);
    expect(answeredBytes[0]).toBeLessThan(bytesOfOne);
  });

  it.each([
    ['quotes', '\\"', /^"{2900,}\n…\[\d{6} of 160000 bytes left out\]…\n"{900,}$/],
    ['NUL', '\\u0000', /^\n…\[\d{6} of 160000 bytes left out\]…\n$/],
    [
      'bytes that no encoding fits',
      '\xa5',
      /^\ufffd{900,}\n…\[\d{6} of 160000 bytes left out\]…\n\ufffd{300,}$/,
    ],
  ])('show something of an output of nothing but %s, alone as with others', async (_, piece, shown) => {
    const names = ['alone', 'one', 'two'];
    for (const name of names) {
      const [before = '', after = ''] = resultLine({ ...CRITICAL, name, output: 'X' }).split('X');
      agent.write(Buffer.from(before + piece.repeat(160_000) + after, 'latin1'));
    }
    await agent.agent.start();

    const [alone] = await enrich(alertOf('alone'));
    const together = await enrich(alertOf('one'), alertOf('two'));

    expect(alone?.['check_output']).toMatch(shown);
    expect(together.map(({ check_output }) => check_output)).toEqual(Array(2).fill(alone?.['check_output']));
  });

  it('write a long output with one mark, also that of a check that is OK by now', async () => {
    agent.write(
      resultLine({ ...CRITICAL, output: 'x'.repeat(160_000) }),
      resultLine({ name: 'check_disk', output: 'DISK OK\n', executed: 1060 }),
    );
    await agent.agent.start();

    const [whileFiring] = await enrich(alertOf('check_disk'));

    expect(whileFiring?.['check_output']?.match(/left out/g)).toHaveLength(1);
    expect(whileFiring?.['check_output']).toContain(' of 160000 bytes left out]');
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
      '/checks/check_disk?max_bytes=4000',
      '/checks?output=1&max_bytes=4000&names=check_fan%2Ccheck_psu&source=switch-7',
    ]);
  });
});
