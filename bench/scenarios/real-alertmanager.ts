import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startAlertmanager } from '../../src/quickstart/alertmanager.ts';
import { findBinary } from '../../src/quickstart/binaries.ts';
import { addOutputs, batches, checksOf, encodeBatch } from '../fleet.ts';
import { haltAtExit } from '../halt-at-exit.ts';
import type { Bench } from '../main.ts';
import { percentile } from '../percentile.ts';
import { ratio, type Row } from '../report.ts';
import { createSender, type Sender } from '../sender.ts';

const ALERTS = 10_000;
// 40 batches each: as many as V8 needs until it has compiled all of the proxy.
const WARM_UP = 50;
const ROUNDS = 15;

// It notifies nobody.
const SILENT = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };

/** Posting 10,000 firing alerts to a real Alertmanager, through the proxy and straight, in turns. */
export async function drainToAlertmanager(bench: Bench): Promise<Row[]> {
  const binary = findBinary('alertmanager', process.env);
  if (binary === undefined) {
    return [
      {
        what: 'draining 10,000 alerts into a real Alertmanager',
        goal: '≤ 1.15',
        measured: 'not measured: prometheus-alertmanager is not installed',
        isMet: false,
      },
    ];
  }
  const folder = mkdtempSync(join(bench.folder, 'alertmanager-'));
  const alertmanager = await startAlertmanager({ binary, folder, config: SILENT, halt: haltAtExit() });
  try {
    return [await compare(bench, alertmanager.url)];
  } finally {
    await alertmanager.stop();
  }
}

async function compare({ peers, withProxy }: Bench, url: string): Promise<Row> {
  const alerts = batches(checksOf(ALERTS, 5));
  const startedAt = Date.now() - 60_000;
  const options = { alertmanagers: [new URL(url).host], enrichment: { cache: { ttl: '1h' } } };
  return withProxy(options, async ({ sender }) => {
    const direct = createSender(url);
    const plain = (): Buffer[] => alerts.map((batch) => encodeBatch(batch, peers.ports.healthy, startedAt));
    // The first of them fill the proxy's cache and the Alertmanager's store.
    for (let round = 0; round < WARM_UP; round++) await drain(sender, plain());
    const through: number[] = [];
    const straight: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      straight.push(await drain(direct, plain().map(addOutputs)));
      through.push(await drain(sender, plain()));
    }
    direct.close();
    return ratio({
      what: 'draining 10,000 firing alerts into a real Alertmanager: through the proxy / the same bodies straight to it',
      part: percentile(through, 0.5),
      whole: percentile(straight, 0.5),
      unit: 'ms',
      goal: { atMost: 1.15 },
    });
  });
}

async function drain(sender: Sender, bodies: readonly Buffer[]): Promise<number> {
  const startedAt = performance.now();
  for (const body of bodies) {
    const { status } = await sender.post(body);
    if (status !== 200) throw new Error(`a batch was answered with ${status}`);
  }
  return performance.now() - startedAt;
}
