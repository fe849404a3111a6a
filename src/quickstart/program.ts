import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Serving } from './steps.ts';

/** A program that runs beside this one; asked to end first, killed after five seconds. */
export interface Program extends Serving {
  /** The end of what it has printed. */
  readonly output: () => string;
}

/** Thrown with a sentence and what the program has printed. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

interface ProgramOptions {
  readonly binary: string;
  readonly args: readonly string[];
  readonly url: string;
  /** Kills it before it returns. */
  readonly halt?: AbortSignal | undefined;
}

const START_MS = 20_000;
const STOP_MS = 5_000;
const OUTPUT_LIMIT = 16_384;

/** Starts a program of the Prometheus family and waits until its `/-/ready` says so; throws with its output if it does not. */
export async function startProgram({ binary, args, url, halt }: ProgramOptions): Promise<Program> {
  const child = spawn(binary, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: halt,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const keep = (text: unknown): void => {
    output = (output + String(text)).slice(-OUTPUT_LIMIT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', keep);

  const program = { url, output: () => output, stop: () => end(child) };
  if (await becomesReady(child, url)) return program;
  await program.stop();
  throw new ProgramError(`${binary} did not become ready at ${url}; it printed:\n${output}`);
}

async function becomesReady(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = Date.now() + START_MS;
  while (isAlive(child) && Date.now() < deadline) {
    if (await isReady(url)) return true;
    await sleep(50);
  }
  return false;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const closed = once(child, 'close');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(kill);
}

function isAlive({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}
