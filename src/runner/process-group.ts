// eslint-disable-next-line no-restricted-imports -- signals to other processes; our own belongs to main.ts.
import { kill } from 'node:process';
import { waitAtMost } from '../platform/time/wait-at-most.ts';
import { errorCode } from '../platform/file/error-code.ts';
import { describeError } from '../platform/log/log.ts';
import { listProcesses, printsInto } from './process-table.ts';

const STEPS = [
  ['SIGTERM', 3_000],
  ['SIGKILL', 1_000],
] as const;

/** What was started as one, and may have become many. */
export interface ProcessFamily {
  /** The first process, which leads a session of its own. */
  readonly leader: number;
  /** Where their output goes, unless they have sent it elsewhere: nobody else's does. */
  readonly output: string;
}

/**
 * Ends a family: TERM, and KILL for those that are left when `ended` resolves, 3 s later at most. Resolves to why it
 * could not be done, if so.
 */
export async function endProcessFamily(
  family: ProcessFamily,
  ended: Promise<unknown>,
): Promise<string | undefined> {
  const groups = new Set<number>();
  let problem: string | undefined;
  for (const [signal, milliseconds] of STEPS) {
    // Once its parent has ended, a process cannot be found by it any more.
    for (const group of groupsOf(family)) groups.add(group);
    const { reached, failure } = sendTo(groups, signal);
    if (failure !== undefined) problem ??= failure === 'EPERM' ? 'Operation not permitted' : failure;
    if (reached > 0) await waitAtMost(milliseconds, ended);
  }
  return problem;
}

/** Kills a family, now; why it could not be done is of no use any more. */
export function killProcessFamily(family: ProcessFamily): void {
  sendTo(groupsOf(family), 'SIGKILL');
}

// The process groups of the family: `timeout` makes one in the same session, `setsid` makes a session.
function groupsOf({ leader, output }: ProcessFamily): Set<number> {
  const processes = listProcesses();
  const groups = new Set([leader]);
  let found = processes.filter((entry) => entry.session === leader || printsInto(entry, output));
  const members = new Set(found);
  while (found.length > 0) {
    for (const { group } of found) groups.add(group);
    const parents = new Set(found.map(({ pid }) => pid));
    found = processes.filter((entry) => parents.has(entry.parent) && !members.has(entry));
    for (const entry of found) members.add(entry);
  }
  return groups;
}

// How many groups it reached, and why not one of those that are still there.
function sendTo(
  groups: ReadonlySet<number>,
  signal: NodeJS.Signals,
): { reached: number; failure: string | undefined } {
  const problems = [...groups].map((group) => send(group, signal));
  return {
    reached: problems.filter((problem) => problem === undefined).length,
    failure: problems.find((problem) => problem !== undefined && problem !== 'ESRCH'),
  };
}

function send(group: number, signal: NodeJS.Signals): string | undefined {
  try {
    kill(-group, signal);
    return undefined;
  } catch (error) {
    return errorCode(error) ?? describeError(error);
  }
}
