import { LRUCache } from 'lru-cache';
import { momentOf, type Clock } from './clock.ts';
import { ownerOf, type CheckResult, type SubduedRun } from './result.ts';
import { nextState, type CheckState, type RestoredState, type ResultSource } from './state.ts';
import { keptBytes, shorten } from './output.ts';

interface CheckStoreOptions {
  readonly clock: Clock;
  /** Called when a check had to be forgotten to stay within the bounds. */
  readonly onEvicted: (state: CheckState) => void;
  /** Whether the configuration defines a check of that name: others are forgotten before. */
  readonly isDefined?: (name: string) => boolean;
  readonly bounds: StoreBounds;
}

/** How much a store keeps at most; all but the first in bytes. */
export interface StoreBounds {
  readonly checks: number;
  /** All that is kept, roughly. */
  readonly bytes: number;
  /** The head and the tail of one output. */
  readonly output: number;
  /** The same once half of the bytes are taken: losing the middle of a text is better than losing a check. */
  readonly outputWhenFull: number;
}

/** When a run was left out because the check is subdued. */
export interface LeftOut {
  /** Since the epoch. */
  readonly seconds: number;
  /** The same in milliseconds of the clock that nobody sets. */
  readonly moment: number;
}

// A result from further in the future than this was made by a wrong clock, and must not hide those after the clock was set right.
const CLOCK_TOLERANCE_SECONDS = 300;

/** The state of every check that had a result, by the client to which the result belongs and the check's name. Bounded. */
export class CheckStore {
  readonly #states: LRUCache<string, CheckState>;
  readonly #clock: Clock;
  readonly #bounds: StoreBounds;
  readonly #subdued: LRUCache<string, SubduedRun & { readonly moment: number }>;
  readonly #onEvicted: CheckStoreOptions['onEvicted'];
  readonly #isDefined: (name: string) => boolean;

  constructor({ clock, onEvicted, isDefined = () => false, bounds }: CheckStoreOptions) {
    this.#clock = clock;
    this.#onEvicted = onEvicted;
    this.#isDefined = isDefined;
    this.#bounds = bounds;
    this.#subdued = new LRUCache({ max: this.#bounds.checks });
    this.#states = new LRUCache({
      max: this.#bounds.checks,
      maxSize: this.#bounds.bytes,
      sizeCalculation: sizeOf,
      dispose: (state, _key, reason) => {
        if (reason === 'evict') onEvicted(state);
      },
    });
  }

  /**
   * Takes a result in; false if a newer one is known. Of two from one reading of a log the later counts, whatever the
   * clock did between them; else the one executed later, and of two from the same second the later read.
   */
  apply(result: CheckResult, { reading, origin }: ResultSource = {}): boolean {
    const key = keyOf(ownerOf(result), result.name);
    const previous = this.#states.peek(key);
    const isInOrder = reading !== undefined && reading === previous?.reading;
    if (previous !== undefined && !isInOrder && !this.#follows(result, previous)) return false;
    const full = this.#states.calculatedSize > this.#bounds.bytes / 2;
    const output = shorten(result.output, full ? this.#bounds.outputWhenFull : this.#bounds.output);
    const ranAt = momentOf(result.executed, this.#clock);
    const state = nextState(previous, { ...result, output }, { ranAt, reading, origin });
    this.#makeRoom(key, sizeOf(state) - (previous === undefined ? 0 : sizeOf(previous)));
    this.#states.set(key, state);
    return true;
  }

  /** Takes a state in that was known before the process started. */
  restore(restored: RestoredState): void {
    const { result } = restored;
    const state = { ...restored, reading: RESTORED, ranAt: momentOf(result.executed, this.#clock) };
    this.#states.set(keyOf(ownerOf(result), result.name), state);
  }

  /** Removes and returns the checks that match. */
  forget(isGone: (state: CheckState) => boolean): CheckState[] {
    const gone = [...this.#states.entries()].filter(([, state]) => isGone(state));
    for (const [key] of gone) this.#states.delete(key);
    return gone.map(([, state]) => state);
  }

  /** Takes in that a run was left out. */
  applySubdued(run: SubduedRun): void {
    this.#subdued.set(run.name, { ...run, moment: momentOf(run.subdued, this.#clock) });
  }

  /** When a run of the check was last left out because it is subdued. */
  lastSubdued(name: string, source: unknown): LeftOut | undefined {
    const run = this.#subdued.peek(name);
    // What a token stands for is known by the results only.
    const isToken = source !== undefined && run?.source?.includes(':::') === true;
    const isOfCheck = run !== undefined && (run.source === source || isToken);
    return isOfCheck ? { seconds: run.subdued, moment: run.moment } : undefined;
  }

  /** The state of a check of the node or of a proxy client, by Sensu's names. */
  get(owner: string, name: string): CheckState | undefined {
    return this.#states.peek(keyOf(owner, name));
  }

  /** The last run of each check that was left out because it is subdued. */
  subduedRuns(): SubduedRun[] {
    return [...this.#subdued.values()].map(({ name, source, subdued }) => ({ name, source, subdued }));
  }

  /** All states, the one that had a result last first. */
  states(): CheckState[] {
    return [...this.#states.values()];
  }

  // Programs may push under any name, and must not drive out what the configuration defines. If that is all there is, the
  // oldest of it goes when the state is set.
  #makeRoom(key: string, bytes: number): void {
    const { checks, bytes: maxBytes } = this.#bounds;
    const added = this.#states.has(key) ? 0 : 1;
    while (this.#states.size + added > checks || this.#states.calculatedSize + bytes > maxBytes) {
      const state = this.#oldestUndefined(key);
      if (state === undefined) return;
      this.#states.delete(keyOf(ownerOf(state.result), state.result.name));
      this.#onEvicted(state);
    }
  }

  #oldestUndefined(except: string): CheckState | undefined {
    for (const key of this.#states.rkeys()) {
      const state = this.#states.peek(key);
      if (key !== except && state !== undefined && !this.#isDefined(state.result.name)) return state;
    }
    return undefined;
  }

  #follows(result: CheckResult, { result: known, reading }: CheckState): boolean {
    // A restored state may be followed by the line that it came from.
    if (reading === RESTORED && isSameRun(result, known)) return false;
    return (
      result.executed >= known.executed || known.executed > this.#clock.now() / 1000 + CLOCK_TOLERANCE_SECONDS
    );
  }
}

// Stands for the file that a state was restored from.
const RESTORED = Symbol('restored');

function isSameRun(one: CheckResult, other: CheckResult): boolean {
  const keyOfRun = ({ executed, status, output, attributes }: CheckResult): string =>
    [executed, status, output.bytes, attributes['duration'], attributes['issued']].join();
  return keyOfRun(one) === keyOfRun(other);
}

// A check's name has no spaces.
function keyOf(owner: string, name: string): string {
  return `${name} ${owner}`;
}

// Never 0, which lru-cache refuses: the attributes are at least `{}`.
function sizeOf({ result, lastNonOk }: CheckState): number {
  const older =
    lastNonOk === undefined || lastNonOk.output === result.output ? 0 : keptBytes(lastNonOk.output);
  return result.attributeBytes + keptBytes(result.output) + older;
}
