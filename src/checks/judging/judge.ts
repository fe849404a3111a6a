import type { Clock } from '../clock.ts';
import type { KnownCheck } from '../known-checks.ts';
import type { Circumstances } from './circumstances.ts';
import { findFailure } from './failed.ts';
import { isHandled } from './handled.ts';
import { findNeverRan } from './never-ran.ts';
import type { Problem, ProblemKind } from './problem.ts';
import { findSilence } from './silent.ts';
import { findPassedTtl } from './ttl.ts';

/** A check and all that is wrong with it. */
export interface JudgedCheck {
  readonly check: KnownCheck;
  /** Empty also if nobody wants to be told of the check. */
  readonly problems: readonly Problem[];
}

interface JudgeOptions {
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Since when results of a check can have come in, in milliseconds of `elapsed`. Default: since the judge exists. */
  readonly watchedSince?: (check: KnownCheck) => number;
  /** Tells one check from all others. Default: by its name and source, which is enough for one node. */
  readonly keyOf?: (check: KnownCheck) => string;
}

/** What is remembered of a check from one judging to the next. */
interface Found {
  readonly kinds: ReadonlySet<ProblemKind>;
  readonly unknownSince: number | undefined;
}

const FINDERS = [findFailure, findSilence, findPassedTtl, findNeverRan];
const NOTHING: ReadonlySet<ProblemKind> = new Set();

/** Decides what is a problem, by what is known of the checks and by a clock that nobody sets. */
export class Judge {
  readonly #clock: JudgeOptions['clock'];
  readonly #watchedSince: (check: KnownCheck) => number;
  readonly #keyOf: (check: KnownCheck) => string;
  #found: ReadonlyMap<string, Found> = new Map();

  constructor({ clock, watchedSince, keyOf = keyOnOneNode }: JudgeOptions) {
    const start = clock.elapsed();
    this.#clock = clock;
    this.#watchedSince = watchedSince ?? (() => start);
    this.#keyOf = keyOf;
  }

  /** What was wrong with each check at the last judging, by its key. */
  get found(): (readonly [key: string, kinds: readonly ProblemKind[]])[] {
    return [...this.#found].map(([key, { kinds }]) => [key, [...kinds]] as const);
  }

  /** Takes over what was found before the process started. */
  restore(found: readonly (readonly [key: string, kinds: readonly ProblemKind[]])[]): void {
    const unknownSince = this.#clock.elapsed();
    this.#found = new Map(found.map(([key, kinds]) => [key, { kinds: new Set(kinds), unknownSince }]));
  }

  /** Judges all checks that are known. A check that is missing is forgotten. */
  judge(checks: readonly KnownCheck[]): JudgedCheck[] {
    const now = this.#clock.elapsed();
    const found = new Map<string, Found>();
    const judged = checks.map((check) => {
      const key = this.#keyOf(check);
      const before = this.#found.get(key);
      const unknownSince = check.state === undefined ? (before?.unknownSince ?? now) : undefined;
      const problems = findProblems(check, {
        now,
        watchedSince: this.#watchedSince(check),
        unknownSince,
        found: before?.kinds ?? NOTHING,
      });
      if (problems.length > 0 || unknownSince !== undefined)
        found.set(key, { kinds: new Set(problems.map(({ kind }) => kind)), unknownSince });
      return { check, problems };
    });
    this.#found = found;
    return judged;
  }
}

function findProblems(check: KnownCheck, circumstances: Circumstances): Problem[] {
  if (!isHandled(check)) return [];
  return FINDERS.map((find) => find(check, circumstances)).filter((problem) => problem !== undefined);
}

// Neither has spaces.
function keyOnOneNode({ name, source }: KnownCheck): string {
  return `${name} ${source ?? ''}`;
}
