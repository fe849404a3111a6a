import { encodeBatch, oneCheckOf } from '../fleet.ts';
import type { Bench } from '../main.ts';
import { ratio, type Row } from '../report.ts';
import type { Sender } from '../sender.ts';

const WARM_UP = 500;
const SECONDS = 8;

/** Two Alertmanagers, one of which takes the connection and never answers: batches per second, compared with both well. */
export async function hungAlertmanager({ peers, withProxy }: Bench): Promise<Row[]> {
  const alertmanagers = peers.ports.alertmanagers.map((port) => `127.0.0.1:${port}`);
  return withProxy({ alertmanagers, enrichment: { cache: { ttl: '1h' } } }, async ({ sender }) => {
    const body = encodeBatch(oneCheckOf(256), peers.ports.healthy, Date.now() - 60_000);
    for (let round = 0; round < WARM_UP; round++) await sender.post(body);
    const healthy = await batchesPerSecond(sender, body);
    await peers.hang(1, true);
    const hung = await batchesPerSecond(sender, body);
    await peers.hang(1, false);
    await peers.report();
    return [
      ratio({
        what: 'one of two Alertmanagers hung: throughput, compared with both healthy',
        part: hung,
        whole: healthy,
        unit: 'batches/s',
        goal: { atLeast: 0.95 },
      }),
    ];
  });
}

async function batchesPerSecond(sender: Sender, body: Buffer): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < SECONDS * 1000) {
    const { status } = await sender.post(body);
    if (status !== 200) throw new Error(`a batch was answered with ${status}`);
    count += 1;
  }
  return (count / (performance.now() - startedAt)) * 1000;
}
