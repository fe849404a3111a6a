import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { forkModule } from '../child.ts';
import { encodeBatch, oneCheckOf } from '../fleet.ts';
import type { Bench } from '../main.ts';
import { percentile } from '../percentile.ts';
import { cpuSecondsOf } from '../process-figures.ts';
import { milliseconds, ratio, type Row } from '../report.ts';
import { createSender } from '../sender.ts';

// V8 needs some thousand batches until it has compiled all of it; a proxy runs for months.
const WARM_UP = 2_000;
const ROUNDS = 1_000;

/** A batch of 256 whose outputs are all in the cache: what each re-send of each minute costs. */
export async function cachedBatches({ peers, folder, withProxy }: Bench): Promise<Row[]> {
  return withProxy({ enrichment: { cache: { ttl: '1h' } } }, async ({ proxy, sender }) => {
    const body = encodeBatch(oneCheckOf(256), peers.ports.healthy, Date.now() - 60_000);
    for (let round = 0; round < WARM_UP; round++) await sender.post(body);
    const before = proxy.cpuSeconds();
    const latencies: number[] = [];
    for (let round = 0; round < ROUNDS; round++) latencies.push((await sender.post(body)).milliseconds);
    const cpu = (proxy.cpuSeconds() - before) / ROUNDS;
    const { lastBody } = await peers.report();
    const bare = await bareJsonSeconds(Buffer.from(lastBody, 'base64'), folder);
    const passed = await passThroughSeconds(body, peers.ports.alertmanagers[0] ?? 0);
    return [
      {
        what: '256 alerts, every output cached: latency',
        goal: '',
        measured: `p50 ${milliseconds(percentile(latencies, 0.5))}, p99 ${milliseconds(percentile(latencies, 0.99))}`,
      },
      ratio({
        what: '… CPU per batch, divided by that of JSON.parse + JSON.stringify of the enriched batch',
        part: cpu * 1000,
        whole: bare * 1000,
        unit: 'ms',
        goal: { atMost: 1.2 },
      }),
      ratio({
        what: '… divided by that of a pass-through on `node:http` that copies the bytes',
        part: cpu * 1000,
        whole: passed * 1000,
        unit: 'ms',
        goal: { atMost: 4 },
      }),
    ];
  });
}

/** The CPU of posting the same batches through a process that only copies them. */
async function passThroughSeconds(body: Buffer, alertmanager: number): Promise<number> {
  const child = forkModule('./pass-through.js', [String(alertmanager)]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const sender = createSender(`http://127.0.0.1:${port}`);
  for (let round = 0; round < WARM_UP; round++) await sender.post(body);
  const before = cpuSecondsOf(child.pid ?? 0);
  for (let round = 0; round < ROUNDS; round++) await sender.post(body);
  const seconds = (cpuSecondsOf(child.pid ?? 0) - before) / ROUNDS;
  sender.close();
  child.kill('SIGKILL');
  return seconds;
}

async function bareJsonSeconds(body: Buffer, folder: string): Promise<number> {
  const file = join(folder, 'batch.json');
  writeFileSync(file, body);
  const child = forkModule('./bare-json.js', [file, String(WARM_UP)]);
  const [{ secondsPerRound }] = (await once(child, 'message')) as [{ secondsPerRound: number }];
  return secondsPerRound;
}
