import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { killAtExit } from './kill-at-exit.ts';
import type { Order, Ports, Report } from './peers.ts';

export interface Peers {
  readonly ports: Ports;
  /** A port of every 127.x.y.z where no SYN is ever answered. */
  readonly deadPort: number;
  report(): Promise<Report>;
  hang(alertmanager: number, hangs: boolean): Promise<void>;
  stop(): void;
}

/** Starts the simulated nodes and the stub Alertmanagers. @param delay milliseconds that a healthy node takes */
export async function startPeers(delay: number): Promise<Peers> {
  const child = forkModule('./peers.js');
  const blackhole = forkModule('./blackhole.js');
  const [{ port: deadPort }] = (await once(blackhole, 'message')) as [{ port: number }];
  const ask = async <T>(order: Order): Promise<T> => {
    child.send(order);
    const [answer] = (await once(child, 'message')) as [T];
    return answer;
  };
  const ports = await ask<Ports>({ kind: 'start', delay });
  return {
    ports,
    deadPort,
    report: () => ask<Report>({ kind: 'report' }),
    hang: (alertmanager, hangs) => ask({ kind: 'hang', alertmanager, hangs }),
    stop: () => {
      child.kill('SIGKILL');
      blackhole.kill('SIGKILL');
    },
  };
}

/** Runs a module of the bench in a process of its own, which ends with this one at the latest. */
export function forkModule(path: string, args: readonly string[] = []): ChildProcess {
  const child = fork(fileURLToPath(new URL(path, import.meta.url)), args);
  killAtExit(child);
  return child;
}
