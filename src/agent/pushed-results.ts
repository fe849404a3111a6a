import { LRUCache } from 'lru-cache';
import { isNumber, type JsonObject } from '../sensu/json.ts';
import type { CheckResult } from '../checks/result.ts';

// In characters of names: programs may push under any.
const MAX_SIZE = 1024 ** 2;
const ENTRY_SIZE = 100;

/** Which checks got their last result from a program that pushed it to the runner in this process. Bounded. */
export class PushedResults {
  // When the last push was, in seconds since the epoch: the `issued` that the runner gives it.
  readonly #issued = new LRUCache<string, number>({
    maxSize: MAX_SIZE,
    sizeCalculation: (_, key) => key.length + ENTRY_SIZE,
  });

  note(result: JsonObject): void {
    const [name, source, issued] = ['name', 'source', 'issued'].map((key) => result.get(key));
    if (typeof name !== 'string' || !isNumber(issued)) return;
    this.#issued.set(keyOf(name, typeof source === 'string' ? source : undefined), issued.value);
  }

  /** Whether the result was pushed, or is older than one that was. */
  has({ name, source, attributes: { issued } }: CheckResult): boolean {
    const last = this.#issued.get(keyOf(name, source));
    return last !== undefined && typeof issued === 'number' && issued <= last;
  }
}

// Neither has spaces.
function keyOf(name: string, source: string | undefined): string {
  return `${name} ${source ?? ''}`;
}
