import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { addOutputs, batches, checksOf, encodeBatch } from '../fleet.ts';
import type { Bench } from '../main.ts';
import { ratio, type Row } from '../report.ts';
import { createSender, type Sender } from '../sender.ts';

const ALERTS = 10_000;
// 40 batches each: as many as V8 needs until it has compiled all of the proxy.
const WARM_UP = 50;
const ROUNDS = 15;

/** Posting 10,000 firing alerts to a real Alertmanager, through the proxy and straight, in turns. */
export async function drainToAlertmanager({ peers, withProxy }: Bench): Promise<Row[]> {
  const alertmanager = await startAlertmanager();
  if (alertmanager === undefined) {
    return [
      {
        what: 'draining 10,000 alerts into a real Alertmanager',
        goal: '≤ 1.15',
        measured: 'not measured: prometheus-alertmanager is not installed',
        isMet: false,
      },
    ];
  }
  const alerts = batches(checksOf(ALERTS, 5));
  const startedAt = Date.now() - 60_000;
  const options = { alertmanagers: [alertmanager.address], enrichment: { cache: { ttl: '1h' } } };
  const rows = await withProxy(options, async ({ sender }) => {
    const direct = createSender(`http://${alertmanager.address}`);
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
    return [
      ratio({
        what: 'draining 10,000 firing alerts into a real Alertmanager: through the proxy / the same bodies straight to it',
        part: median(through),
        whole: median(straight),
        unit: 'ms',
        goal: { atMost: 1.15 },
      }),
    ];
  });
  alertmanager.stop();
  return rows;
}

async function drain(sender: Sender, bodies: readonly Buffer[]): Promise<number> {
  const startedAt = performance.now();
  for (const body of bodies) {
    const { status } = await sender.post(body);
    if (status !== 200) throw new Error(`a batch was answered with ${status}`);
  }
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function startAlertmanager(): Promise<{ address: string; stop: () => void } | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-proxy-bench-am-'));
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  const address = `127.0.0.1:${await freePort()}`;
  const binary = process.env['ALERTMANAGER_BIN'] ?? 'prometheus-alertmanager';
  const child = spawn(
    binary,
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  const failed = new Promise<true>((resolve) =>
    child.on('error', () => {
      resolve(true);
    }),
  );
  if (!(await isReady(address, failed))) return undefined;
  return {
    address,
    stop: () => {
      child.on('exit', () => {
        rmSync(folder, { recursive: true, force: true });
      });
      child.kill('SIGKILL');
    },
  };
}

async function isReady(address: string, failed: Promise<true>): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await Promise.race([failed, sleep(100, false)])) return false;
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    if (answer?.ok === true) return true;
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
