import type { Logger } from '../platform/log/log.ts';
import type { CommandIo } from './command-io.ts';

type Signal = Parameters<CommandIo['onSignal']>[0];

/** Calls the listener at each such signal; what comes before `started` resolves takes effect then. Returns what ends that. */
export function onSignalOnceStarted<T>(
  io: CommandIo,
  signal: Signal,
  { started, listener }: { started: Promise<T>; listener: (part: T) => unknown },
): () => void {
  return io.onSignal(signal, () => {
    // Why it did not start is told elsewhere.
    void started.then(listener, () => undefined);
  });
}

/** Lives on at a signal that would end the process, and says why it does nothing. Returns what ends that. */
export function ignoreSignal(
  io: CommandIo,
  signal: Signal,
  { log, reason }: { log: Logger; reason: string },
): () => void {
  return io.onSignal(signal, () => {
    log.info({ signal, reason }, 'signal ignored');
  });
}
