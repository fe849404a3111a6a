import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stringify } from 'yaml';
import { freePort } from '../../src/quickstart/free-port.ts';
import type { GettableAlert } from './real-alertmanager.ts';
import { createTempFolder } from './temp-folder.ts';
import { waitFor } from './wait-for.ts';

/** A real Alertmanager that a test treats badly. */
export interface KillableAlertmanager {
  /** `127.0.0.1:PORT`, the same after each start. */
  readonly address: string;
  start(): Promise<void>;
  /** SIGKILL, and the end. */
  kill(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** The alerts that are firing. */
  alerts(): Promise<GettableAlert[]>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

interface KillableAlertmanagerOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  /** How it joins a cluster; default: not at all. */
  readonly clusterFlags?: readonly string[];
}

const NOBODY = { route: { receiver: 'none' }, receivers: [{ name: 'none' }] };

/** It remembers no alerts when it is started again: it keeps them in memory only, as always. */
export async function createKillableAlertmanager(
  binary: string,
  { config = NOBODY, clusterFlags = ['--cluster.listen-address='] }: KillableAlertmanagerOptions = {},
): Promise<KillableAlertmanager> {
  const folder = createTempFolder();
  const address = `127.0.0.1:${await freePort()}`;
  const configFile = folder.write('alertmanager.yml', stringify(config));
  const args = [
    `--config.file=${configFile}`,
    `--storage.path=${folder.path}/storage`,
    `--web.listen-address=${address}`,
    ...clusterFlags,
  ];
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    child = undefined;
  };
  return {
    address,
    start: async () => {
      child = spawn(binary, args, { stdio: 'ignore' });
      await waitFor('Alertmanager', async () => (await fetch(`http://${address}/-/ready`)).ok);
    },
    kill,
    signal: (signal) => {
      child?.kill(signal);
    },
    alerts: async () => {
      const response = await fetch(`http://${address}/api/v2/alerts`);
      return (await response.json()) as GettableAlert[];
    },
    stop: async () => {
      await kill();
      folder.remove();
    },
  };
}
