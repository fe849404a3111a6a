import { batches, encodeBatch, oneCheckOf, type FleetAlert } from '../fleet.ts';
import type { Bench } from '../main.ts';
import { percentile } from '../percentile.ts';
import { bound, milliseconds, type Row } from '../report.ts';
import type { Sender } from '../sender.ts';

const ROUNDS = 20;
const FETCH_TIMEOUT = 1_000;

/** 256 healthy nodes that nobody asked before, in each of the rounds. */
export async function healthyNodes({ peers, withProxy }: Bench): Promise<Row[]> {
  return withProxy({}, async ({ sender }) => {
    const latencies: number[] = [];
    for (let round = 0; round < ROUNDS * 2; round++) {
      const body = encodeBatch(oneCheckOf(256, round * 256), peers.ports.healthy, Date.now() - 1_000);
      latencies.push((await sender.post(body)).milliseconds);
    }
    return [
      bound({
        what: '256 alerts of 256 healthy nodes that answer in 20 ms, nothing cached: p50',
        value: percentile(latencies.slice(ROUNDS), 0.5),
        atMost: 60,
      }),
    ];
  });
}

/** Nodes that do not answer: a share of them, then all. The first batch, and what each re-send costs after it. */
export async function silentNodes(bench: Bench): Promise<Row[]> {
  const { peers } = bench;
  return [
    ...(await silence(bench, '10 % of 256 nodes dead (no SYN-ACK)', (node) =>
      node % 10 === 0 ? peers.deadPort : peers.ports.healthy,
    )),
    ...(await silence(bench, 'all of 256 nodes dead', () => peers.deadPort)),
    ...(await silence(bench, 'all of 256 nodes accept and never answer', () => peers.ports.hanging)),
    ...(await silence(bench, 'all of 256 nodes trickle a byte each 200 ms', () => peers.ports.trickling)),
  ];
}

async function silence({ withProxy }: Bench, what: string, portOf: (node: number) => number): Promise<Row[]> {
  return withProxy({}, async ({ sender }) => {
    const body = mixedBatch(oneCheckOf(256), portOf);
    const first = await sender.post(body);
    const again: number[] = [];
    for (let round = 0; round < ROUNDS * 2; round++) again.push((await sender.post(body)).milliseconds);
    return [
      bound({ what: `${what}: first batch`, value: first.milliseconds, atMost: FETCH_TIMEOUT + 100 }),
      { what: '… re-sends', goal: 'as cached', measured: `p50 ${milliseconds(percentile(again, 0.5))}` },
    ];
  });
}

/** A data centre is gone: 10,000 alerts of as many dead nodes, and one sender that has to get rid of them. */
export async function deadDataCentre({ peers, withProxy }: Bench): Promise<Row[]> {
  return withProxy({}, async ({ sender }) => {
    await peers.report();
    const startedAt = performance.now();
    const statuses = await postAll(
      sender,
      batches(oneCheckOf(10_000)).map((batch) => encodeBatch(batch, peers.deadPort, Date.now())),
    );
    const took = performance.now() - startedAt;
    const { received } = await peers.report();
    const lost = 10_000 - (received[0]?.distinct ?? 0);
    const refused = statuses.filter((status) => status !== 200).length;
    return [
      bound({ what: '10,000 alerts of 10,000 dead nodes: all delivered after', value: took, atMost: 10_000 }),
      {
        what: '… lost, batches refused',
        goal: '0, 0',
        measured: `${lost}, ${refused}`,
        isMet: lost === 0 && refused === 0,
      },
    ];
  });
}

function mixedBatch(alerts: readonly FleetAlert[], portOf: (node: number) => number): Buffer {
  const startsAt = Date.now() - 1_000;
  const parts = alerts.map((alert) => encodeBatch([alert], portOf(alert.node), startsAt).subarray(1, -1));
  return Buffer.from(`[${parts.map(String).join(',')}]`);
}

async function postAll(sender: Sender, bodies: readonly Buffer[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const body of bodies) statuses.push((await sender.post(body)).status);
  return statuses;
}
