import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { forkModule, type Peers } from '../child.ts';
import { encodeBatch, oneCheckOf } from '../fleet.ts';
import { startProxy } from '../proxy.ts';
import type { Row } from '../report.ts';
import { createSender, percentile } from '../sender.ts';

const ROUNDS = 600;

/** A batch of 256 whose outputs are all in the cache: what each re-send of each minute costs. */
export async function cachedBatches(peers: Peers): Promise<Row[]> {
  const [alertmanager = 0] = peers.ports.alertmanagers;
  const proxy = await startProxy({
    alertmanagers: [`127.0.0.1:${alertmanager}`],
    ports: [peers.ports.healthy],
    enrichment: { cache: { ttl: '1h' } },
  });
  const sender = createSender(proxy.url);
  const startedAt = Date.now() - 60_000;
  const body = encodeBatch(oneCheckOf(256), peers.ports.healthy, startedAt);
  for (let round = 0; round < ROUNDS / 2; round++) await sender.post(body);
  const before = proxy.cpuSeconds();
  const latencies: number[] = [];
  for (let round = 0; round < ROUNDS; round++) latencies.push((await sender.post(body)).milliseconds);
  const cpu = (proxy.cpuSeconds() - before) / ROUNDS;
  const { lastBody } = await peers.report();
  const bare = await bareJsonSeconds(Buffer.from(lastBody, 'base64'));
  sender.close();
  await proxy.stop();
  const ratio = cpu / bare;
  return [
    {
      what: '256 alerts, every output cached: latency',
      goal: '',
      measured: `p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms`,
    },
    {
      what: '… CPU per batch / CPU of JSON.parse + JSON.stringify of the enriched batch',
      goal: '≤ 2',
      measured: `${ratio.toFixed(2)} (${(cpu * 1000).toFixed(2)} ms / ${(bare * 1000).toFixed(2)} ms)`,
      isMet: ratio <= 2,
    },
  ];
}

async function bareJsonSeconds(body: Buffer): Promise<number> {
  const file = join(tmpdir(), `alertmanager-proxy-bench-${process.pid}.json`);
  writeFileSync(file, body);
  const child = forkModule('./bare-json.js', [file, String(ROUNDS)]);
  const [{ secondsPerRound }] = (await once(child, 'message')) as [{ secondsPerRound: number }];
  return secondsPerRound;
}
