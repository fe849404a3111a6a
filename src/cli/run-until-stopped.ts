import type { Logger } from '../platform/log/log.ts';
import { stopRequested, type CommandIo } from './command-io.ts';
import { problemOfNode } from './node-line.ts';
import { ignoreSignal, onSignalOnceStarted } from './signal-listener.ts';
import { PLATFORM_LOG } from '../platform/log/messages.ts';

/** What a long-running command starts: the proxy, a runner, an agent, … */
interface Part {
  /** Resolves if the part wants to end by itself. */
  readonly finished?: Promise<void>;
  stop(): Promise<void>;
}

/** What a signal does: it calls a function on the running part, or is ignored for a reason that the log gives. */
type SignalAction<P> = ((part: P) => unknown) | { readonly ignoredBecause: string };

interface LifeCycle<P extends Part> {
  readonly log: Logger;
  /** Starts the part and logs that it is ready. Leaves nothing open if it rejects. */
  readonly start: () => Promise<P>;
  /** SIGHUP. */
  readonly onHangup: SignalAction<P>;
  /** SIGUSR2. */
  readonly onUser2: SignalAction<P>;
  /** Logs why the part did not start. The exit code is 1. */
  readonly logStartError?: (error: unknown) => void | Promise<void>;
}

/** The life of a long-running command: starts its part, passes signals on to it, and stops it at SIGTERM or SIGINT. */
export async function runUntilStopped<P extends Part>(
  io: CommandIo,
  { log, start, onHangup, onUser2, logStartError }: LifeCycle<P>,
): Promise<void> {
  const problem = problemOfNode(io.nodeVersion, Date.now());
  if (problem !== undefined) log.warn({ reason: problem }, PLATFORM_LOG.upgradeNode);
  const started = start();
  // Before the start has finished: a signal may already arrive.
  const forget = (['SIGHUP', 'SIGUSR2'] as const).map((signal) => {
    const action = signal === 'SIGHUP' ? onHangup : onUser2;
    return typeof action === 'function'
      ? onSignalOnceStarted(io, signal, { started, listener: action })
      : ignoreSignal(io, signal, { log, reason: action.ignoredBecause });
  });
  try {
    const part = await started.catch(async (error: unknown) => {
      if (logStartError === undefined) log.error({ err: error }, 'cannot start');
      else await logStartError(error);
      io.setExitCode(1);
    });
    if (part === undefined) return;
    await Promise.race([stopRequested(io, log), ...(part.finished === undefined ? [] : [part.finished])]);
    log.info(PLATFORM_LOG.stopping);
    await part.stop();
    log.info('stopped');
  } finally {
    for (const stopListening of forget) stopListening();
  }
}
