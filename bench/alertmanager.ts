import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../src/quickstart/free-port.ts';
import { killAtExit } from './kill-at-exit.ts';

/** A real Alertmanager that notifies nobody. */
export interface RealAlertmanager {
  /** Host and port. */
  readonly address: string;
  /** Returns when the process is gone. */
  stop(): Promise<void>;
}

/** Throws if it is not ready after ten seconds. @param parent where it gets a folder of its own */
export async function startAlertmanager(binary: string, parent: string): Promise<RealAlertmanager> {
  const folder = mkdtempSync(join(parent, 'alertmanager-'));
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  const address = `127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${config}`,
    `--storage.path=${folder}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ];
  const child = spawn(binary, args, { stdio: 'ignore' });
  killAtExit(child);
  const gone = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const alertmanager = {
    address,
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
  if (await isReady(address, gone)) return alertmanager;
  await alertmanager.stop();
  throw new Error(`${binary} did not become ready at http://${address}`);
}

async function isReady(address: string, gone: Promise<unknown>): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await Promise.race([gone.then(() => true), sleep(100, false)])) return false;
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    if (answer?.ok === true) return true;
  }
  return false;
}
