import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { describeError } from '../platform/log/log.ts';
import { collectOutput } from './output.ts';
import { endProcessFamily, killProcessFamily, type ProcessFamily } from './process-group.ts';
import type { RunDirectory } from './run-directory.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface CommandOptions {
  readonly directory: RunDirectory;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Bytes of output that are kept. */
  readonly outputLimit: number;
  /** Seconds; undefined: as long as it takes. */
  readonly timeout: number | undefined;
  /** What the command reads from stdin. */
  readonly input: Buffer | undefined;
  /** Ends the command at once; there is no result then. */
  readonly stop: AbortSignal;
  /** Kills the command and all that it started, before it returns. */
  readonly halt: AbortSignal;
}

export interface CommandResult {
  readonly output: string;
  /** The exit status, or the bare number of the signal that ended it. */
  readonly status: number;
}

/**
 * Runs a command in a shell and a process group of its own, with Sensu's outcomes (sensu-spawn). The run ends when the
 * shell has exited and nobody holds its output any more. Never rejects; undefined: it was stopped.
 */
export async function runCommand(
  command: string,
  options: CommandOptions,
): Promise<CommandResult | undefined> {
  try {
    return await run(command, options);
  } catch (error) {
    return { output: `Unexpected error: ${describeError(error)}`, status: 3 };
  }
}

async function run(command: string, options: CommandOptions): Promise<CommandResult | undefined> {
  const pipe = await options.directory.openPipe();
  const over = new AbortController();
  let closePipe = pipe.release;
  try {
    const output = collectOutput(pipe.reader, options.outputLimit);
    const { pid, exited } = await start(command, pipe.writeEnd, options);
    const { signal } = over;
    const family: ProcessFamily = { leader: pid, output: pipe.path };
    options.halt.addEventListener(
      'abort',
      () => {
        killProcessFamily(family);
      },
      { once: true, signal },
    );
    const ended = Promise.all([exited, output.ended]);
    const end = await firstOf(ended, options);
    if (end === 'ended') return { output: output.text(), status: await exited };
    closePipe = pipe.discard;
    const problem = await endProcessFamily(family, ended);
    return end === 'stopped' ? undefined : timedOut(pid, problem);
  } finally {
    over.abort();
    await closePipe();
  }
}

function timedOut(pid: number, problem: string | undefined): CommandResult {
  const suffix = problem === undefined ? '' : ` - Unable to TERM/KILL the process: #${pid}, ${problem}`;
  return { output: `Execution timed out${suffix}`, status: 2 };
}

async function start(
  command: string,
  writeEnd: number,
  { env, input, directory }: CommandOptions,
): Promise<{ pid: number; exited: Promise<number> }> {
  let stdin;
  try {
    stdin = input && (await directory.openInput(input));
    const stdio = [stdin?.fd ?? 'ignore', writeEnd, writeEnd] as const;
    const child = spawn('sh', ['-c', command], { detached: true, stdio: [...stdio], env });
    const exited = exitStatus(child);
    await once(child, 'spawn');
    if (child.pid === undefined) throw new Error('the shell has no process id');
    return { pid: child.pid, exited };
  } finally {
    closeSync(writeEnd);
    await stdin?.close();
  }
}

function exitStatus(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

async function firstOf(
  ended: Promise<unknown>,
  { timeout, stop }: CommandOptions,
): Promise<'ended' | 'timeout' | 'stopped'> {
  const over = new AbortController();
  try {
    return await Promise.race([
      ended.then(() => 'ended' as const),
      timer(timeout, over.signal).then(() => 'timeout' as const),
      aborted(stop, over.signal).then(() => 'stopped' as const),
    ]);
  } finally {
    over.abort();
  }
}

function timer(seconds: number | undefined, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (seconds === undefined) return;
    const timer = setTimeout(resolve, Math.min(seconds * 1000, LONGEST_TIMER_MS));
    over.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  });
}

function aborted(stop: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    const listener = (): void => {
      resolve();
    };
    stop.addEventListener('abort', listener, { once: true, signal: over });
  });
}
