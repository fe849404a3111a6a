import type { Logger } from '../platform/log/log.ts';
import { ThrottledLogLine } from '../platform/log/throttled-log-line.ts';
import type { CheckResult } from './result.ts';

interface Concerned {
  readonly check: string;
  readonly source: string | undefined;
  readonly results: number;
}

/** Says what had to be left out to stay within the bounds, and of which check last: programs may push thousands of results a second. */
export class EvictionLog {
  readonly #evicted: ThrottledLogLine<Concerned>;
  readonly #shortened: ThrottledLogLine<Concerned>;

  constructor(log: Logger) {
    this.#evicted = createLine(log, 'too many checks, those that were silent longest are forgotten');
    this.#shortened = createLine(log, 'too large a result, the largest of its attributes are left out');
  }

  /** A check was forgotten. */
  noteEvicted({ name, source }: CheckResult): void {
    this.#evicted.note({ check: name, source, results: 1 });
  }

  /** A result came, maybe without some of its attributes. */
  noteResult({ name, source, leftOut }: CheckResult): void {
    if (leftOut > 0) this.#shortened.note({ check: name, source, results: 1 });
  }

  /** Says what was not said yet. */
  flush(): void {
    this.#evicted.flush();
    this.#shortened.flush();
  }
}

function createLine(log: Logger, message: string): ThrottledLogLine<Concerned> {
  return new ThrottledLogLine({
    merge: (earlier, later) => ({ ...later, results: earlier.results + later.results }),
    say: (concerned) => {
      log.warn(concerned, message);
    },
  });
}
