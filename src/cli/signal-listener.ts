import type { Logger } from '../platform/log/log.ts';
import type { CommandIo } from './command-io.ts';

type Signal = Parameters<CommandIo['onSignal']>[0];

/**
 * Calls the listener at each signal. A signal that arrives before `started` resolves takes effect when it does.
 * @returns a function that stops listening
 */
export function onSignalOnceStarted<T>(
  io: CommandIo,
  signal: Signal,
  { started, listener }: { started: Promise<T>; listener: (part: T) => unknown },
): () => void {
  return io.onSignal(signal, () => {
    // The caller logs why the start failed.
    void started.then(listener, () => undefined);
  });
}

/**
 * Keeps a signal from ending the process, and logs why nothing else happens.
 * @returns a function that stops listening
 */
export function ignoreSignal(
  io: CommandIo,
  signal: Signal,
  { log, reason }: { log: Logger; reason: string },
): () => void {
  return io.onSignal(signal, () => {
    log.info({ signal, reason }, 'signal ignored');
  });
}
