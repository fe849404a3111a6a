import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCommand } from '../command.ts';
import type { Bench } from '../main.ts';
import { percentile } from '../percentile.ts';
import { cpuSecondsOf, descriptorsOf, memoryOf } from '../process-figures.ts';
import type { Row } from '../report.ts';

const CLIENT = 'bench-node';
const CHECKS = 500;
const INTERVAL_SECONDS = 10;
const INTERVALS = 3;
const GOAL_MS = 100;

/**
 * How late the runner starts 500 checks. Each prints the time at which it runs; the time at which it was due follows from
 * the names alone, by Sensu's splay.
 */
export async function busyRunner({ folder: parent }: Bench): Promise<Row[]> {
  const folder = mkdtempSync(join(parent, 'runner-'));
  const configDirectory = writeConfiguration(folder);
  const log = join(folder, 'sensu-client.log');
  const [load = 0] = loadavg();
  const startedAt = performance.now();
  const args = ['runner', `--config.dir=${configDirectory}`, `--log.file=${log}`];
  const runner = await startCommand(args, /msg="running checks"/);
  await sleep(INTERVALS * INTERVAL_SECONDS * 1000);
  const cpu = cpuSecondsOf(runner.pid) / ((performance.now() - startedAt) / 1000);
  const used = `${memoryOf(runner.pid).now} MB, ${descriptorsOf(runner.pid)}, ${(cpu * 100).toFixed(0)} % of a core`;
  // A runner that is killed may leave half a line.
  await runner.stop('SIGTERM');
  return [
    lateness(readFileSync(log, 'utf8').trim().split('\n').map(delayIn), load),
    { what: '… resident memory, descriptors, CPU', goal: '', measured: used },
  ];
}

function writeConfiguration(folder: string): string {
  const client = { name: CLIENT, socket: { enabled: false }, http_socket: { enabled: false } };
  const check = { command: 'date +%s%3N', interval: INTERVAL_SECONDS, standalone: true };
  const checks = Object.fromEntries(Array.from({ length: CHECKS }, (_, index) => [`check_${index}`, check]));
  const directory = join(folder, 'conf.d');
  mkdirSync(directory);
  writeFileSync(join(directory, 'bench.json'), JSON.stringify({ client, checks }));
  return directory;
}

// From the last time at which the check was due to the time that it printed, in milliseconds.
function delayIn(line: string): number {
  const { name, output } = (JSON.parse(line) as { payload: { check: { name: string; output: string } } })
    .payload.check;
  const place = createHash('md5').update(`${CLIENT}:${name}`).digest().readBigUInt64LE(0);
  const period = BigInt(INTERVAL_SECONDS) * 1000n;
  return Number((((BigInt(output.trim()) - place) % period) + period) % period);
}

function lateness(delays: readonly number[], load: number): Row {
  const at = (share: number): string => `${percentile(delays, share)} ms`;
  return {
    what: `runner with ${CHECKS} checks at ${INTERVAL_SECONDS} s intervals: starts after their due time`,
    goal: `≤ ${GOAL_MS} ms`,
    measured: `${delays.length} runs: p50 ${at(0.5)}, p99 ${at(0.99)}, at most ${at(1)} (load before ${load.toFixed(1)})`,
    isMet: percentile(delays, 1) <= GOAL_MS,
  };
}
