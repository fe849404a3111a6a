import { open, type FileHandle } from 'node:fs/promises';
import type { LogPosition } from './log-position.ts';
import { inodeOf } from './rotated-log.ts';

const CHUNK_BYTES = 256 * 1024;

// Enough of the text before the position to hold a line's microseconds, which make it differ from every other text.
const ANCHOR_BYTES = 512;

/** What a drain met. */
export type Drained = 'quiet' | 'grown' | 'truncated';

interface Start {
  readonly position: number;
  /** The bytes before it. */
  readonly anchor: Buffer;
}

/** A log file held open, whatever it is renamed to, and how far it was read. */
export class OpenLog {
  readonly inode: string;
  /** Whether it goes on where it was read before. */
  readonly isResumed: boolean = false;
  readonly #handle: FileHandle;
  #position: number;
  #anchor: Buffer;

  private constructor(handle: FileHandle, inode: string, { position, anchor }: Start) {
    this.#handle = handle;
    this.inode = inode;
    this.#position = position;
    this.#anchor = anchor;
  }

  /** Opens a file at the position where it was last read; else up to `maxBacklog` bytes before its end. */
  static async open(path: string, maxBacklog: number, known: readonly LogPosition[] = []): Promise<OpenLog> {
    const handle = await open(path, 'r');
    try {
      const stats = await handle.stat({ bigint: true });
      const inode = inodeOf(stats);
      const size = Number(stats.size);
      const before = known.find((position) => position.inode === inode);
      if (before !== undefined && before.position <= size) {
        const log = new OpenLog(handle, inode, toStart(before));
        if (await log.#anchorHolds()) return Object.assign(log, { isResumed: true });
      }
      const position = Math.max(0, size - maxBacklog);
      return new OpenLog(handle, inode, { position, anchor: Buffer.alloc(0) });
    } catch (error: unknown) {
      await handle.close();
      throw error;
    }
  }

  /** How many bytes lie before what is read next. */
  get position(): number {
    return this.#position;
  }

  /** The last bytes before the position. */
  get anchor(): Buffer {
    return this.#anchor;
  }

  /** Reads what was added. When the file was cut (logrotate's copytruncate) it reads nothing; the next drain starts at the beginning. */
  async drain(onChunk: (chunk: Buffer) => void): Promise<Drained> {
    const { size } = await this.#handle.stat();
    if (size === this.#position) return 'quiet';
    if (size < this.#position || !(await this.#anchorHolds())) return 'truncated';
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - this.#position));
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#position);
      if (bytesRead === 0) return 'grown';
      const chunk = buffer.subarray(0, bytesRead);
      this.#position += bytesRead;
      this.#anchor = Buffer.concat([this.#anchor, chunk.subarray(-ANCHOR_BYTES)]).subarray(-ANCHOR_BYTES);
      onChunk(chunk);
    }
  }

  /** Starts anew at the beginning of the file. */
  rewind(): void {
    this.#position = 0;
    this.#anchor = Buffer.alloc(0);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  // A file that was cut and has already grown beyond the position is told by what stands before the position.
  async #anchorHolds(): Promise<boolean> {
    const { length } = this.#anchor;
    const { buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, this.#position - length);
    return buffer.equals(this.#anchor);
  }
}

function toStart({ position, anchor }: LogPosition): Start {
  return { position, anchor: Buffer.from(anchor, 'base64') };
}
