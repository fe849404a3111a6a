import type { Committer } from '../storage/committer.ts';
import type { GroupStore } from './group-store.ts';
import type { Group } from './group.ts';

interface ExpiryOptions {
  readonly groups: GroupStore;
  readonly committer: Committer;
  /** Milliseconds; undefined: groups without a ttl stay. */
  readonly forgetAfter: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Removes the groups to which nothing was pushed for too long; returns how many. */
export function expireGroups({ groups, committer, forgetAfter, now }: ExpiryOptions): Promise<number> {
  const isOver = (group: Group): boolean => {
    const patience = group.ttl ?? forgetAfter;
    return patience !== undefined && now() > lastPush(group) * 1000 + patience;
  };
  if (!groups.all().some(isOver)) return Promise.resolve(0);
  return committer.submit(() => {
    const over = groups.all().filter(isOver);
    return { answer: over.length, changes: groups.planRemoval(over) };
  }, 0);
}

// A refused push is a sign of life too: the group must not go while somebody tries to push to it.
function lastPush({ pushTime, pushFailureTime }: Group): number {
  return Math.max(pushTime, pushFailureTime);
}
