import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { stringify } from 'yaml';

export interface ProxyOptions {
  readonly alertmanagers: readonly string[];
  readonly ports: readonly number[];
  readonly enrichment?: Readonly<Record<string, unknown>>;
}

export interface BenchedProxy {
  readonly url: string;
  /** Seconds of CPU that the process has used, all its threads. */
  cpuSeconds(): number;
  /** Resident memory in bytes, now and at its highest. */
  memory(): { readonly now: number; readonly peak: number };
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

const CLOCK_TICKS_PER_SECOND = 100;

/** The built proxy in a process of its own, in front of these Alertmanagers. */
export async function startProxy({
  alertmanagers,
  ports,
  enrichment = {},
}: ProxyOptions): Promise<BenchedProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-proxy-bench-'));
  const configFile = join(folder, 'proxy.yml');
  writeFileSync(configFile, stringify(configOf(alertmanagers, ports, enrichment)));
  const args = ['dist/main.js', 'serve', `--config.file=${configFile}`, '--web.listen-address=127.0.0.1:0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const url = await readyUrl(child);
  const pid = child.pid ?? 0;
  return {
    url,
    cpuSeconds: () => cpuSecondsOf(pid),
    memory: () => memoryOf(pid),
    metric: async (name) => sumOf(await (await fetch(`${url}/metrics`)).text(), name),
    stop: async () => {
      kill();
      process.off('exit', kill);
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

function configOf(alertmanagers: readonly string[], ports: readonly number[], enrichment: object): object {
  return {
    alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }],
    enrichment,
    sources: [
      {
        name: 'node-agent',
        matchers: ['check=~".+"', 'instance=~".+"'],
        url: 'http://{instance}/checks/{check}',
        annotations: { check_output: 'check.output' },
        allow: { ports, cidrs: ['127.0.0.0/8'] },
      },
    ],
  };
}

// Listens to the end: a proxy whose log nobody reads any more would be another one than in production.
function readyUrl(child: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  let log = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      const url = /msg="ready to take alerts" url=(\S+)/.exec(log)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => {
      reject(new Error(`the proxy ended:\n${log}`));
    });
  });
}

// proc(5): fields 14 and 15 of stat, after the name in parentheses.
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
}

function sumOf(exposition: string, name: string): number {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
