// The process: argv, environment, signals, exit code. Nothing else touches them.
import { setFlagsFromString } from 'node:v8';
import { CommanderError } from 'commander';
import type { CommandIo } from './cli/command-io.ts';
import { createProgram } from './cli/program.ts';

// npm passes Ctrl-C on to a program to which the terminal has sent it already.
const SAME_REQUEST_MS = 500;
/** How long the reader of the log may take for its last lines. */
const LAST_LINES_MS = 1000;

/**
 * Runs the command that argv names. By the time this returns its promise, the command listens for the signals that it
 * knows.
 */
export async function runCommandLine(): Promise<void> {
  surviveLostReaders();
  try {
    await createProgram(createProcessIo()).parseAsync(process.argv);
  } catch (error) {
    // Commander has already printed help, the version or what was wrong with the flags.
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
  }
  leaveLostReaders();
}

// Everything has stopped. A log reader that stands still must not keep the process alive.
function leaveLostReaders(): void {
  if (process.stderr.writableLength === 0 || process.stdout.writableLength > 0) return;
  setTimeout(() => process.exit(), LAST_LINES_MS).unref();
}

// The reader of the log may go away, or its disk may be full; the alerts do not stop for that.
function surviveLostReaders(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = 1;
    process.stderr.write(`cannot write to standard output: ${error.message}\n`);
  });
}

function createProcessIo(): CommandIo {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    nodeVersion: process.versions.node,
    ...listenForStop(),
    onSignal: (signal, listener) => {
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
    saveMemory: () => {
      setFlagsFromString('--optimize-for-size');
    },
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}

// The first signal lets the command finish what is under way; the second ends the process.
function listenForStop(): Pick<CommandIo, 'stop' | 'halt'> {
  const stop = new AbortController();
  const halt = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      firstAt = performance.now();
      stop.abort();
    } else if (performance.now() - firstAt > SAME_REQUEST_MS) {
      halt.abort();
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  return { stop: stop.signal, halt: halt.signal };
}
