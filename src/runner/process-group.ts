// eslint-disable-next-line no-restricted-imports -- signals to other processes; our own belongs to main.ts.
import { kill } from 'node:process';
import { atMost } from '../platform/at-most.ts';
import { errorCode } from '../platform/error-code.ts';
import { describeError } from '../platform/log.ts';

const STEPS = [
  ['SIGTERM', 3_000],
  ['SIGKILL', 1_000],
] as const;

/**
 * Ends every process of a group: TERM, and KILL for those that are left when `ended` resolves, 3 s later at most.
 * Resolves to why it could not be done, if so.
 */
export async function endProcessGroup(leader: number, ended: Promise<unknown>): Promise<string | undefined> {
  for (const [signal, milliseconds] of STEPS) {
    const failure = send(leader, signal);
    if (failure === 'ESRCH') return undefined;
    if (failure !== undefined) return failure === 'EPERM' ? 'Operation not permitted' : failure;
    await atMost(milliseconds, ended);
  }
  return undefined;
}

/** Kills every process of a group, now; why it could not be done is of no use any more. */
export function killProcessGroup(leader: number): void {
  send(leader, 'SIGKILL');
}

function send(leader: number, signal: NodeJS.Signals): string | undefined {
  try {
    kill(-leader, signal);
    return undefined;
  } catch (error) {
    return errorCode(error) ?? describeError(error);
  }
}
