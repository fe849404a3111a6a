// The process: argv, environment, signals, exit code. Nothing else touches them.
import { CommanderError } from 'commander';
import type { CommandIo } from './cli/command-io.ts';
import { createProgram } from './cli/program.ts';

// npm passes Ctrl-C on to a program that the terminal has told already.
const SAME_REQUEST_MS = 500;

// Whoever reads the log may go away, or its disk may be full; the alerts do not stop for that.
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.exitCode = 1;
  process.stderr.write(`cannot write to standard output: ${error.message}\n`);
});

const stop = new AbortController();
const halt = new AbortController();
let askedAt = 0;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, askToStop);

const io: CommandIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  stop: stop.signal,
  halt: halt.signal,
  onSignal: (signal, listener) => {
    process.on(signal, listener);
    return () => process.off(signal, listener);
  },
  setExitCode: (code) => {
    process.exitCode = code;
  },
};

// The first time it finishes what is under way; the second time somebody wants it gone.
function askToStop(): void {
  if (!stop.signal.aborted) {
    askedAt = performance.now();
    stop.abort();
  } else if (performance.now() - askedAt > SAME_REQUEST_MS) {
    halt.abort();
    process.exit(1);
  }
}

/** Runs the command that argv names. By the time this returns its promise, the command listens for the signals that it knows. */
export async function runCommandLine(): Promise<void> {
  try {
    await createProgram(io).parseAsync(process.argv);
  } catch (error) {
    // Commander has already printed help, the version or what was wrong with the flags.
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
  }
}
