import { setTimeout as sleep } from 'node:timers/promises';
import { batches, checksOf, encodeBatch } from '../fleet.ts';
import type { Bench } from '../main.ts';
import { bound, type Row } from '../report.ts';
import { createSender, type Sender } from '../sender.ts';

const ALERTS = 100_000;
const CHECKS_PER_NODE = 5;
const MINUTE = 60_000;
const MEMORY_GOAL = 512;
// What Node takes in a container of 512 MiB, as V8 does: half of it. Where there is more, it collects garbage later.
const HEAP = 256;
// Since it was last read, in seconds.
const LONGEST_STOP = 'nodejs_eventloop_lag_max_seconds';

/** 100,000 firing alerts of 20,000 nodes, each re-sent once a minute by each of two Prometheus. */
export async function hundredThousandAlerts({ peers, withProxy }: Bench): Promise<Row[]> {
  return withProxy({ heap: HEAP }, async ({ proxy, sender }) => {
    const senders = [sender, createSender(proxy.url)];
    const alerts = batches(checksOf(ALERTS, CHECKS_PER_NODE));
    const startedAt = Date.now() - MINUTE;
    const round = (minute: number): Promise<number[][]> =>
      Promise.all(
        senders.map((one) =>
          sendPaced(
            one,
            alerts.map((batch) => () => encodeBatch(batch, peers.ports.healthy, startedAt)),
            minute,
          ),
        ),
      );
    await round(0);
    await peers.report();
    await proxy.metric(LONGEST_STOP);
    const cpuBefore = proxy.cpuSeconds();
    const statuses = (await round(MINUTE)).flat();
    const cpu = (proxy.cpuSeconds() - cpuBefore) / (MINUTE / 1000);
    const { requests } = await peers.report();
    const longestStop = (await proxy.metric(LONGEST_STOP)) * 1000;
    const { peak } = proxy.memory();
    const refused = statuses.filter((status) => status !== 200).length;
    const dropped = (await proxy.metric('alertmanager_proxy_alertmanager_dropped_total')) + refused * 256;
    senders[1]?.close();
    return [
      {
        what: '100,000 firing alerts re-sent each minute by two Prometheus: CPU',
        goal: '',
        measured: `${(cpu * 100).toFixed(0)} % of a core`,
      },
      {
        what: `… resident memory, at its highest, with a heap of ${HEAP} MiB as in a container of 512 MiB`,
        goal: `< ${MEMORY_GOAL} MB`,
        measured: `${peak} MB`,
        isMet: peak < MEMORY_GOAL,
      },
      bound({ what: '… event loop: longest stop', value: longestStop, atMost: 50 }),
      { what: '… alerts dropped', goal: '0', measured: String(dropped), isMet: dropped === 0 },
      {
        what: '… requests per node and minute',
        goal: '',
        measured: (requests / (ALERTS / CHECKS_PER_NODE)).toFixed(2),
      },
    ];
  });
}

// Spreads the batches over the time, as rules with many evaluation offsets do; without time, one after the other.
async function sendPaced(sender: Sender, bodies: readonly (() => Buffer)[], over: number): Promise<number[]> {
  const startedAt = performance.now();
  const statuses: number[] = [];
  for (const [index, body] of bodies.entries()) {
    const due = startedAt + (over * index) / bodies.length;
    if (over > 0) await sleep(Math.max(0, due - performance.now()));
    statuses.push((await sender.post(body())).status);
  }
  return statuses;
}
