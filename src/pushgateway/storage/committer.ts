import { setTimeout as delay } from 'node:timers/promises';
import type { Change, StoreRecord } from './change.ts';

/** What a request wants to change, worked out when it is its turn. */
export interface Planned<Answer> {
  readonly answer: Answer;
  readonly changes: readonly Change[];
}

/** The disk did not take a change; nothing of it counts. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
}

/** As many changes wait already as may: the client has to come again. */
export class TooManyChanges extends Error {
  override readonly name = 'TooManyChanges';
}

interface CommitterOptions {
  readonly write: (records: readonly StoreRecord[]) => Promise<void>;
  /** Told how many seconds a write took, or that it failed. */
  readonly onCommit: (outcome: { readonly seconds: number } | { readonly error: unknown }) => void;
}

interface Waiting {
  /** Plans and makes the change in memory; the steps that were made, or undefined if the plan threw. */
  readonly begin: () => readonly Change[] | undefined;
  readonly bytes: number;
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

// What comes within it shares one write, so that the disk is not asked for each push by itself.
const LINGER_MS = 10;
const MAX_WAITING_BYTES = 64 * 1024 ** 2;
const MAX_GROUP_BYTES = 1024 ** 2;

/**
 * The one writer. Changes that come together are planned one after the other, each on top of those before, then written in one go,
 * and only then seen in memory: what anybody can see, or was told, is on disk.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Resolves when the change is on disk and in force; `bytes`: about how much it holds. Rejects with what `plan` throws, or a StorageFailure. */
  submit<Answer>(plan: () => Planned<Answer>, bytes: number): Promise<Answer> {
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) return Promise.reject(new TooManyChanges());
    return new Promise((resolve, reject) => {
      let answer: (() => void) | undefined;
      this.#waiting.push({
        bytes,
        begin: () => {
          try {
            const planned = plan();
            answer = () => {
              resolve(planned.answer);
            };
            for (const change of planned.changes) change.apply();
            return planned.changes;
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            return undefined;
          }
        },
        succeed: () => answer?.(),
        fail: reject,
      });
      this.#waitingBytes += bytes;
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#waitingBytes < MAX_GROUP_BYTES) await delay(LINGER_MS);
      await this.#commit(this.#take());
    }
    this.#running = undefined;
  }

  #take(): Waiting[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const begun = group.map((waiting) => ({ waiting, changes: waiting.begin() }));
    const valid = begun.filter(({ changes }) => changes !== undefined);
    const changes = valid.flatMap(({ changes = [] }) => changes);
    for (const change of changes.toReversed()) change.undo();
    try {
      await this.#write(changes.flatMap(({ records }) => records));
      for (const change of changes) change.apply();
      for (const { waiting } of valid) waiting.succeed();
    } catch (cause) {
      for (const { waiting } of valid)
        waiting.fail(new StorageFailure('cannot write to the storage', { cause }));
    } finally {
      this.#waitingBytes -= group.reduce((sum, { bytes }) => sum + bytes, 0);
    }
  }

  async #write(records: readonly StoreRecord[]): Promise<void> {
    if (records.length === 0) return;
    const start = performance.now();
    try {
      await this.#options.write(records);
      this.#options.onCommit({ seconds: (performance.now() - start) / 1000 });
    } catch (error) {
      this.#options.onCommit({ error });
      throw error;
    }
  }
}
