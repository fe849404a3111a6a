import { stat } from 'node:fs/promises';
import { errorCode } from '../../platform/file/error-code.ts';
import { describeError, type Logger } from '../../platform/log/log.ts';
import { pause } from '../../platform/time/pause.ts';
import { LONGEST_LINE_BYTES } from '../../checks/log-line/limits.ts';
import type { Reading } from '../../checks/state.ts';
import type { LogPosition } from './log-position.ts';
import { LineSplitter } from './line-splitter.ts';
import { OpenLog } from './open-log.ts';
import {
  findRotatedLog,
  inodeOf,
  readRotatedLog,
  uncompressedBytes,
  type RotatedLog,
} from './rotated-log.ts';

interface LogFollowerOptions {
  readonly path: string;
  /**
   * Called with each line; the bytes are valid during the call only. Lines of one reading come in the order in which
   * they were written; another reading may hold the same lines, or older ones.
   */
  readonly onLine: (line: Buffer, reading: Reading) => void;
  /** Called for each line beyond 4 MiB, which is skipped. */
  readonly onTooLong: () => void;
  readonly log: Logger;
  /** How far files were read before the process started. */
  readonly known?: (() => readonly LogPosition[]) | undefined;
  readonly times?: Partial<typeof TIMES>;
}

const TIMES = {
  /** Between two looks at the file, in milliseconds: notifications of changes do not come through every container file system. */
  poll: 500,
  /** How long a rotated file may be quiet before it is let go: its writer goes on with it until it is told to reopen. */
  linger: 60_000,
};

// What is read of a file when it is opened: its end. At the start, with the one rotated last, that is a second or two of work.
const MAX_BACKLOG_BYTES = 128 * 1024 ** 2;

/** A file that is read, and since when it has been quiet. */
interface Followed {
  readonly file: OpenLog;
  lines: LineSplitter;
  quietSince: number;
}

/** Follows a log by inode across rotation and truncation, from the rotated file on. */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #times: typeof TIMES;
  readonly #stop = new AbortController();
  // The oldest first; the last is the one the path named last.
  #followed: Followed[] = [];
  #trouble: string | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
  }

  /** Resolves when what the log already holds is read; following goes on behind, until stop. Never rejects. */
  async start(): Promise<void> {
    const caughtUp = this.#catchUp();
    this.#running = caughtUp.then(() => this.#run());
    await caughtUp;
  }

  /** Reads what the log holds, and does not follow it: for a log that this process writes itself. Never rejects. */
  async readOnce(): Promise<void> {
    try {
      await this.#openBacklog();
      await this.#poll();
    } catch (error: unknown) {
      this.#options.log.warn({ err: error }, 'cannot read the log, results of before are not known');
    } finally {
      await this.stop();
    }
  }

  /** How far the files have been read that are followed. */
  positions(): LogPosition[] {
    return this.#followed.map(({ file, lines: { heldBytes } }) => {
      const anchor = file.anchor.subarray(0, Math.max(0, file.anchor.length - heldBytes)).toString('base64');
      return { path: this.#options.path, inode: file.inode, position: file.position - heldBytes, anchor };
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.all(this.#followed.map(({ file }) => file.close()));
    this.#followed = [];
  }

  async #catchUp(): Promise<void> {
    await this.#watched(async () => {
      if (!(await this.#openBacklog())) this.#options.log.warn('no log file yet, waiting for it');
    });
    await this.#watched(() => this.#poll());
  }

  async #run(): Promise<void> {
    while (await pause(this.#times.poll, this.#stop.signal)) await this.#watched(() => this.#poll());
  }

  // What fails is tried again at the next poll, and told once.
  async #watched(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#trouble = undefined;
    } catch (error: unknown) {
      const trouble = describeError(error);
      if (trouble !== this.#trouble)
        this.#options.log.warn({ err: error }, 'cannot read the log, trying again');
      this.#trouble = trouble;
    }
  }

  // Whether there is a log, beside a rotated one.
  async #openBacklog(): Promise<boolean> {
    const current = await this.#openUnknown();
    const rotated = current?.file.isResumed
      ? undefined
      : await findRotatedLog(this.#options.path, new Set(current && [current.file.inode]));
    if (rotated !== undefined) await this.#openRotated(rotated);
    if (current !== undefined) this.#followed.push(current);
    return current !== undefined;
  }

  async #poll(): Promise<void> {
    const renewed = await this.#openUnknown();
    if (renewed !== undefined) this.#followed.push(renewed);
    for (const followed of this.#followed) await this.#drain(followed);
    await this.#letGoOfQuietOnes();
  }

  // Opens what the path names, unless it is being read already or does not exist.
  async #openUnknown(): Promise<Followed | undefined> {
    const { path, log } = this.#options;
    const stats = await stat(path, { bigint: true }).catch(undefinedIfMissing);
    if (stats === undefined || this.#inodes().has(inodeOf(stats))) return undefined;
    // Not opened at all: opening a named pipe would wait for its writer.
    if (!stats.isFile()) throw new Error('it is not a regular file');
    log.info(this.#followed.length === 0 ? 'following log' : 'log was rotated, following the new file');
    return this.#follow(await this.#open(path));
  }

  #open(path: string): Promise<OpenLog> {
    return OpenLog.open(path, MAX_BACKLOG_BYTES, this.#options.known?.());
  }

  #follow(file: OpenLog): Followed {
    const lines = this.#splitLines();
    if (file.position > 0 && !file.isResumed) lines.skipLine();
    return { file, lines, quietSince: performance.now() };
  }

  async #openRotated(rotated: RotatedLog): Promise<void> {
    try {
      if (rotated.compressed) await this.#readCompressed(rotated);
      // It may still be written to: it is followed like one that was rotated just now.
      else this.#followed.push(this.#follow(await this.#open(rotated.path)));
    } catch (error: unknown) {
      this.#options.log.warn({ rotated: rotated.path, err: error }, 'cannot read the rotated log to its end');
    }
  }

  async #readCompressed(rotated: RotatedLog): Promise<void> {
    const lines = this.#splitLines();
    const from = Math.max(0, (await uncompressedBytes(rotated)) - MAX_BACKLOG_BYTES);
    if (from > 0) lines.skipLine();
    for await (const chunk of readRotatedLog(rotated, from)) lines.push(chunk);
  }

  async #drain(followed: Followed): Promise<void> {
    const { file, lines } = followed;
    const drained = await file.drain((chunk) => {
      lines.push(chunk);
    });
    if (drained === 'quiet') return;
    followed.quietSince = performance.now();
    if (drained === 'grown') return;
    const recovered = await this.#readCopyOf(followed).catch(() => false);
    this.#options.log.info({ recovered }, 'log was truncated, reading it from its beginning');
    followed.lines = this.#splitLines();
    file.rewind();
  }

  // What was written between the last poll and a copytruncate is in the copy only.
  async #readCopyOf({ file: { anchor, position }, lines }: Followed): Promise<boolean> {
    const copy = await findRotatedLog(this.#options.path, this.#inodes());
    if (copy === undefined) return false;
    let unmatched = anchor;
    for await (const chunk of readRotatedLog(copy, position - anchor.length)) {
      const part = chunk.subarray(0, unmatched.length);
      if (!part.equals(unmatched.subarray(0, part.length))) return false;
      unmatched = unmatched.subarray(part.length);
      lines.push(chunk.subarray(part.length));
    }
    return unmatched.length === 0;
  }

  async #letGoOfQuietOnes(): Promise<void> {
    const quiet = this.#followed
      .slice(0, -1)
      .filter(({ quietSince }) => performance.now() - quietSince >= this.#times.linger);
    this.#followed = this.#followed.filter((followed) => !quiet.includes(followed));
    for (const { file } of quiet) await file.close();
  }

  #inodes(): Set<string> {
    return new Set(this.#followed.map(({ file }) => file.inode));
  }

  #splitLines(): LineSplitter {
    const { onLine, onTooLong } = this.#options;
    const reading = Symbol('reading');
    return new LineSplitter({
      maxLineBytes: LONGEST_LINE_BYTES,
      onLine: (line) => {
        onLine(line, reading);
      },
      onTooLong,
    });
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}
