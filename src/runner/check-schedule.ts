import type { CheckDefinition } from '../sensu/check-definition.ts';
import { writeJson } from '../sensu/json.ts';
import { nextRun, startSchedule } from './next-run.ts';

interface Scheduled {
  readonly check: CheckDefinition;
  /** Equal for definitions that are the same, timed the same. */
  readonly identity: string;
  end(): void;
}

/** Which checks run, each at its times. */
export class CheckSchedule {
  readonly #run: (check: CheckDefinition) => void;
  readonly #scheduled = new Map<string, Scheduled>();

  constructor(run: (check: CheckDefinition) => void) {
    this.#run = run;
  }

  get size(): number {
    return this.#scheduled.size;
  }

  /** The definition by which a check runs. */
  get(name: string): CheckDefinition | undefined {
    return this.#scheduled.get(name)?.check;
  }

  /** Runs these checks from now on and no others; one that is as it was goes on undisturbed. */
  replace(client: string, checks: readonly CheckDefinition[]): void {
    const kept = new Set<string>();
    for (const check of checks) {
      kept.add(check.name);
      const identity = `${client} ${writeJson(check.attributes)}`;
      const before = this.#scheduled.get(check.name);
      if (before?.identity === identity) continue;
      before?.end();
      const end = startSchedule(
        (now) => nextRun(client, check.name, check.timing, now),
        () => {
          this.#run(check);
        },
      );
      this.#scheduled.set(check.name, { check, identity, end });
    }
    for (const [name, scheduled] of this.#scheduled) {
      if (kept.has(name)) continue;
      scheduled.end();
      this.#scheduled.delete(name);
    }
  }
}
