import { once } from 'node:events';
import type { Logger } from '../platform/log/log.ts';

/** The parts of the process that a command may use: command-line.ts makes it, tests make their own. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Version of Node.js, such as `24.18.1`. */
  readonly nodeVersion: string;
  /** Aborted by the first SIGTERM or SIGINT: finish what is under way, then return. */
  readonly stop: AbortSignal;
  /** Aborted by the second signal: the process is about to exit, so kill child processes now. */
  readonly halt: AbortSignal;
  /** Calls the listener at each signal, until the returned function is called. */
  onSignal(signal: 'SIGHUP' | 'SIGUSR2', listener: () => void): () => void;
  /** Makes V8 collect garbage earlier: less memory, for a process beside the workload of a node. */
  saveMemory(): void;
  /** The exit code of the process; 0 unless set. */
  setExitCode(code: number): void;
}

/** Resolves when the process is asked to stop, and logs a second request. */
export async function stopRequested({ stop, halt }: CommandIo, log: Logger): Promise<void> {
  halt.addEventListener('abort', () => {
    log.warn('asked to stop a second time: ending at once');
  });
  if (!stop.aborted) await once(stop, 'abort');
}
