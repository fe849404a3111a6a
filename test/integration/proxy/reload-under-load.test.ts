import { describe, expect, it } from '@jest/globals';
import { firing } from '../../support/alert-builder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy, type Surroundings } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback, sendTo, type ProxyConfig } from '../../support/start-proxy.ts';
import type { StubAlertmanager } from '../../support/stub-alertmanager.ts';

const RELOADS = 100;
const ALERTS_PER_BATCH = 8;

const scene = useProxy({
  routes: { '/checks/check_disk': { delayMs: 5, body: { check: { output: 'DISK CRITICAL' } } } },
  config: withBoth,
});

const source = ({ agent }: Surroundings): ProxyConfig =>
  agentSource({ timeout: '2s', allow: allowLoopback(agent.port) });

function withBoth(around: Surroundings): ProxyConfig {
  return { alertmanagers: [sendTo(...around.alertmanagers)], sources: [source(around)] };
}

// All that a reload may change is another: the entry of the Alertmanager that stays, the source, the limits, the memory.
function withOne(around: Surroundings): ProxyConfig {
  return {
    alertmanagers: [{ timeout: '4s', ...sendTo(around.alertmanager) }],
    enrichment: { deadline: '3s', max_concurrency: 100, cache: { max_entries: 1000 } },
    sources: [{ ...source(around), timeout: '1800ms', max_annotation: '1KB' }],
  };
}

/** Posts one batch after the other, as Prometheus does, until it is told to end; returns the status codes. */
async function send(sender: string, isOver: () => boolean): Promise<number[]> {
  const codes: number[] = [];
  while (!isOver()) {
    const batch = Array.from({ length: ALERTS_PER_BATCH }, (_, alert) =>
      firing(
        { alertname: `${sender}-${alert}`, check: 'check_disk', instance: scene.agent.address },
        { annotations: { state: String(codes.length) } },
      ),
    );
    const response = await scene.proxy.post(batch);
    await response.arrayBuffer();
    codes.push(response.status);
  }
  return codes;
}

/** The states of each alert in the order in which they came. */
function statesAt(alertmanager: StubAlertmanager): Map<string, number[]> {
  const states = new Map<string, number[]>();
  for (const { labels, annotations } of alertmanager.alerts()) {
    const name = labels['alertname'] ?? '';
    states.set(name, [...(states.get(name) ?? []), Number(annotations?.['state'])]);
  }
  return states;
}

describe(`${RELOADS} reloads under load`, () => {
  it('lose no alert, turn no order round and answer every batch with 200', async () => {
    const [always, sometimes] = scene.alertmanagers;
    // Slow enough that a reload often meets it with a queue.
    sometimes.answer({ delayMs: 10 });
    let isOver = false;
    const senders = ['a', 'b'].map((sender) => send(sender, () => isOver));
    for (let reload = 1; reload <= RELOADS; reload++) {
      scene.proxy.rewrite(reload % 2 === 0 ? withBoth(scene) : withOne(scene));
      expect(await scene.proxy.reload()).toBeUndefined();
    }
    isOver = true;
    const [a = [], b = []] = await Promise.all(senders);
    const sent = new Map([
      ['a', a.length],
      ['b', b.length],
    ]);

    expect(new Set([...a, ...b])).toEqual(new Set([200]));
    expect(Math.min(a.length, b.length)).toBeGreaterThan(RELOADS / 4);
    await waitFor('all at the one that stays', () => {
      expect(always.alerts()).toHaveLength((a.length + b.length) * ALERTS_PER_BATCH);
      return true;
    });
    for (const [name, states] of statesAt(always)) {
      expect(states).toEqual(Array.from({ length: sent.get(name.charAt(0)) ?? 0 }, (_, state) => state));
    }
    const partial = statesAt(sometimes);
    expect(partial.size).toBe(2 * ALERTS_PER_BATCH);
    for (const states of partial.values())
      expect(states).toEqual(states.toSorted((one, other) => one - other));
    for (const { annotations } of always.alerts())
      expect(annotations?.['check_output']).toBe('DISK CRITICAL');
  }, 300_000);
});
