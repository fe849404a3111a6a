import { mkdir } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { errorCode } from '../../platform/file/error-code.ts';
import type { StoreRecord } from './change.ts';

/** The store cannot be opened; the message says what to do. */
class StoreError extends Error {
  override readonly name = 'StoreError';
}

export interface StoreOptions {
  readonly path: string;
  /** Whether each write waits for the disk: without, a loss of power can take the last writes. */
  readonly sync: boolean;
}

/** Keys and values on disk: a LevelDB in a folder of its own. */
export class Store {
  readonly #db: ClassicLevel;
  readonly #sync: boolean;

  constructor(db: ClassicLevel, sync: boolean) {
    this.#db = db;
    this.#sync = sync;
  }

  /** All at once or nothing. */
  async write(records: readonly StoreRecord[]): Promise<void> {
    await this.#db.batch([...records], { sync: this.#sync });
  }

  async get(key: string): Promise<string | undefined> {
    return this.#db.get(key);
  }

  /** What begins with a prefix, in the order of the keys. */
  read(prefix: string): AsyncIterable<[key: string, value: string]> {
    return this.#db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}

/** Opens the store, or makes one. Throws a StoreError. */
export async function openStore({ path, sync }: StoreOptions): Promise<Store> {
  try {
    await mkdir(path, { recursive: true });
    const db = new ClassicLevel(path);
    await db.open();
    return new Store(db, sync);
  } catch (error) {
    throw new StoreError(`cannot open the storage "${path}": ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (errorCode(cause) === 'LEVEL_LOCKED') return 'another process uses it: give each its own --storage.path';
  return cause instanceof Error ? cause.message : String(cause);
}
