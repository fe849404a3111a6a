import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startCommand } from './command.ts';
import { cpuSecondsOf, memoryOf, type Memory } from './process-figures.ts';

export interface ProxyOptions {
  /** Where its configuration is written. */
  readonly folder: string;
  readonly alertmanagers: readonly string[];
  readonly ports: readonly number[];
  readonly enrichment?: Readonly<Record<string, unknown>>;
  /** Megabytes of its old generation; else what Node takes on this machine. */
  readonly heap?: number;
}

export interface BenchedProxy {
  readonly url: string;
  /** Seconds of CPU that the process has used, all its threads. */
  cpuSeconds(): number;
  memory(): Memory;
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

/** The built proxy in a process of its own, in front of these Alertmanagers. */
export async function startProxy({
  folder,
  alertmanagers,
  ports,
  enrichment = {},
  heap,
}: ProxyOptions): Promise<BenchedProxy> {
  const configFile = join(folder, 'proxy.yml');
  writeFileSync(configFile, stringify(configOf(alertmanagers, ports, enrichment)));
  const command = await startCommand(
    ['serve', `--config.file=${configFile}`, '--web.listen-address=127.0.0.1:0'],
    /msg="ready to take alerts" url=(\S+)/,
    heap === undefined ? [] : [`--max-old-space-size=${heap}`],
  );
  const { pid, url } = command;
  return {
    url,
    cpuSeconds: () => cpuSecondsOf(pid),
    memory: () => memoryOf(pid),
    metric: async (name) => sumOf(await (await fetch(`${url}/metrics`)).text(), name),
    stop: () => command.stop(),
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

function sumOf(exposition: string, name: string): number {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
