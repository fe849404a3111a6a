import { fstatSync, statSync, type BigIntStats } from 'node:fs';

const LOOK_EVERY_MS = 1_000;

/** Tells, with a look once a second at most, whether a path no longer names the file that is open. */
export class ReplacedFile {
  readonly #path: string;
  #lookedAt = performance.now();

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where it is not yet time for a look. */
  isMoved(descriptor: number): boolean | undefined {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return undefined;
    this.#lookedAt = now;
    const open = fstatSync(descriptor, { bigint: true });
    const named = statOf(this.#path);
    return named?.ino !== open.ino || named.dev !== open.dev;
  }
}

// What cannot be looked at cannot be opened either: opening it says why.
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
