import { once } from 'node:events';
import type { Logger } from '../platform/log/log.ts';

/** What a command may touch of the process: main.ts makes it, tests make their own. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first SIGTERM or SIGINT: finish what is under way, then return. */
  readonly stop: AbortSignal;
  /** Aborted by the second: the process exits when its listeners return. End what would live on without it. */
  readonly halt: AbortSignal;
  /** Calls the listener at each such signal, until the returned function is called. */
  onSignal(signal: 'SIGHUP' | 'SIGUSR2', listener: () => void): () => void;
  /** What the process will end with; 0 unless set. */
  setExitCode(code: number): void;
}

/** Resolves when the process is asked to stop; the log tells when it is asked again. */
export async function stopRequested({ stop, halt }: CommandIo, log: Logger): Promise<void> {
  halt.addEventListener('abort', () => {
    log.warn('asked to stop a second time: ending at once');
  });
  if (!stop.aborted) await once(stop, 'abort');
}
