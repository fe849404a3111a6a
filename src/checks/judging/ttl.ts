import { ttlOf, type KnownCheck } from '../known-checks.ts';
import { silenceOf, type Circumstances } from './circumstances.ts';
import { problemStatusOf, type Problem } from './problem.ts';

// What pushes runs by a clock of its own, and its ttl may be long.
const LONGEST_WATCH = 3 * 3600_000;

/** The problem of a result that must come again within its `ttl` and did not; its status is `ttl_status`, else WARNING. */
export function findPassedTtl(check: KnownCheck, circumstances: Circumstances): Problem | undefined {
  const silence = silenceOf(check, circumstances);
  const seconds = ttlOf(check);
  if (check.state === undefined || silence === undefined || seconds === undefined) return undefined;
  const { now, watchedSince, found } = circumstances;
  const ttl = 1000 * seconds;
  const isWatched = now - watchedSince > Math.min(ttl, LONGEST_WATCH);
  if (silence <= ttl || !(isWatched || found.has('ttl'))) return undefined;
  return { kind: 'ttl', status: problemStatusOf(ttlStatusOf(check) ?? 1) };
}

/** What the check calls a `ttl` that has passed; undefined if it does not say. */
export function ttlStatusOf({ definition, state }: KnownCheck): number | undefined {
  const status = definition['ttl_status'] ?? state?.result.attributes['ttl_status'];
  return Number.isInteger(status) ? Number(status) : undefined;
}
