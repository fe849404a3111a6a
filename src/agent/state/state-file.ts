import { constants, type BigIntStats } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inodeOf } from '../log/rotated-log.ts';
import { errorCode } from '../../platform/file/error-code.ts';
import { describeError, type Logger } from '../../platform/log/log.ts';
import { Outage } from '../../platform/log/outage.ts';

interface StateFileOptions {
  readonly path: string;
  /** The text to write. */
  readonly snapshot: () => string;
  readonly log: Logger;
  /** Milliseconds between two writes. */
  readonly every?: number;
}

const EVERY_MS = 5_000;

// All that an agent writes is less.
const MAX_BYTES = 128 * 1024 ** 2;

/** A file that is replaced as a whole every few seconds: whoever reads it finds one that was written to its end. */
export class StateFile {
  readonly #options: StateFileOptions;
  readonly #outage: Outage<string>;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** The file that this process wrote last. */
  #own: string | undefined;
  #isGivenUp = false;

  constructor(options: StateFileOptions) {
    const { path, log } = options;
    this.#options = options;
    this.#outage = new Outage<string>({
      onBegin: (err) => {
        log.warn({ file: path, err }, CANNOT_WRITE);
      },
      onEnd: () => {
        log.info({ file: path }, 'the state is written again');
      },
    });
  }

  /** Reads the file with `read`, which may throw. Undefined if the file is missing or cannot be used; the log says once why. */
  async load<T>(read: (text: string) => T): Promise<T | undefined> {
    const { path, log } = this.#options;
    try {
      const text = await readRegularFile(path);
      return text === undefined ? undefined : read(text);
    } catch (error: unknown) {
      // It is not ours to replace.
      if (errorCode(error) === 'ELOOP' || error instanceof NotAFile) this.#isGivenUp = true;
      const reason = errorCode(error) === 'ELOOP' ? 'it is a symbolic link' : describeError(error);
      log.warn({ file: path, reason }, CANNOT_READ);
      return undefined;
    }
  }

  /** Writes now, and every few seconds until `stop`. */
  start(): void {
    void this.#write();
    this.#timer = setInterval(() => void this.#write(), this.#options.every ?? EVERY_MS).unref();
  }

  /** Writes for the last time. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    await this.#write();
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      if (this.#isGivenUp) return;
      try {
        await this.#replace(this.#options.snapshot());
        this.#outage.succeeded();
      } catch (error: unknown) {
        this.#outage.failed(describeError(error));
      }
    });
    return this.#writing;
  }

  async #replace(text: string): Promise<void> {
    const { path, log } = this.#options;
    if (await this.#isOfAnother()) {
      this.#isGivenUp = true;
      log.warn(
        { file: path },
        'another agent writes this state, too; going on without: give each a --state.file',
      );
      return;
    }
    const temporary = `${path}.tmp`;
    await rm(temporary, { force: true });
    // What checks print may hold secrets.
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
      this.#own = writeIdOf(await file.stat({ bigint: true }));
      await rename(temporary, path);
    } catch (error: unknown) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  }

  // The file is replaced at each write: one that this process did not write has another writer.
  async #isOfAnother(): Promise<boolean> {
    if (this.#own === undefined) return false;
    const stats = await stat(this.#options.path, { bigint: true }).catch(() => undefined);
    return stats !== undefined && writeIdOf(stats) !== this.#own;
  }
}

class NotAFile extends Error {}

// The inode of a file that was replaced is given to another one soon.
function writeIdOf(stats: BigIntStats): string {
  return `${inodeOf(stats)} ${stats.mtimeNs}`;
}

// Undefined if it is missing.
async function readRegularFile(path: string): Promise<string | undefined> {
  let file: FileHandle;
  try {
    // Without waiting for the writer of a named pipe, and without following a link to another file.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error: unknown) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new NotAFile('it is not a regular file');
    if (stats.size > MAX_BYTES) throw new Error(`it has ${stats.size} bytes, more than an agent writes`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

// So that the new name is on the disk, too.
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const CANNOT_READ = 'cannot use the state of before; going on with what the log holds';

const CANNOT_WRITE =
  'cannot write the state, a restart may forget results: make its folder writable, or name another with --state.file';
