import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { killAtExit } from './kill-at-exit.ts';

/** A command of the built product, in a process of its own. */
export interface RunningCommand {
  readonly pid: number;
  /** Where it listens; empty for one that does not. */
  readonly url: string;
  /** Returns when the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const START_MS = 30_000;

/**
 * Starts `dist/main.js` and waits until its log matches `ready`, whose first group, if any, is the URL; throws with the log if
 * it ends before, or takes longer than half a minute.
 */
export async function startCommand(
  args: readonly string[],
  ready: RegExp,
  nodeFlags: readonly string[] = [],
): Promise<RunningCommand> {
  const child = spawn(process.execPath, [...nodeFlags, 'dist/main.js', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  killAtExit(child);
  const url = await whenReady(child, ready);
  return {
    pid: child.pid ?? 0,
    url,
    stop: async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

// Listens to the end: a command whose log nobody reads any more would be another one than in production.
function whenReady(child: ChildProcessByStdio<null, null, Readable>, ready: RegExp): Promise<string> {
  let log = '';
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new Error(`${child.spawnargs.join(' ')} did not become ready:\n${log}`));
    };
    setTimeout(fail, START_MS).unref();
    child.once('exit', fail);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      const match = ready.exec(log);
      if (match !== null) resolve(match[1] ?? '');
    });
  });
}
