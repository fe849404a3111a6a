// Where checks meet their pipes. A check's stdout and stderr are one pipe, as under Sensu. What Node calls a pipe is a
// socket, on which a script's `echo > /dev/stderr` fails, and Node cannot make a real one: so each run gets a FIFO. One
// that its run closed is used again, so `mkfifo` seldom runs.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, mkdtempSync, openSync } from 'node:fs';
import { open, rm, unlink, writeFile, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../platform/file/error-code.ts';

export interface OutputPipe {
  /** Its own for as long as anybody holds the write end. */
  readonly path: string;
  readonly reader: Socket;
  /** For the child; whoever opened the pipe closes it once the child has it. */
  readonly writeEnd: number;
  /** Closes the reader of a pipe whose write end nobody holds any more. */
  readonly release: () => Promise<void>;
  /** Closes the reader, whoever may still hold the write end. */
  readonly discard: () => Promise<void>;
}

/** A private directory, removed by `close`. */
export class RunDirectory {
  #path: string;
  #made = 0;
  #free: string[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  /** Rejects if there can be no FIFO: no `mkfifo`, or nowhere to write. */
  static async create(): Promise<RunDirectory> {
    const directory = new RunDirectory(makeDirectory());
    try {
      directory.#free.push(await directory.#makeFifo());
      return directory;
    } catch (error) {
      await directory.close();
      throw error;
    }
  }

  async openPipe(): Promise<OutputPipe> {
    const path = this.#free.pop() ?? (await this.#makeFifo());
    try {
      return this.#open(path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      this.#replaceMissing();
      return this.#open(await this.#makeFifo());
    }
  }

  /** Data as a file to be a child's stdin: already without a name, so it goes when it is closed. */
  async openInput(data: Buffer): Promise<FileHandle> {
    const path = join(this.#path, `stdin-${this.#made++}`);
    await writeFile(path, data, { mode: 0o600, flag: 'wx' });
    try {
      return await open(path, 'r');
    } finally {
      await unlink(path);
    }
  }

  async close(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
  }

  // Something that tidies up temporary files may have been here.
  #replaceMissing(): void {
    if (existsSync(this.#path)) return;
    this.#path = makeDirectory();
    this.#free = [];
  }

  async #makeFifo(): Promise<string> {
    const path = join(this.#path, `output-${this.#made++}`);
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    return path;
  }

  // The read end first, without waiting for a writer; then opening the write end does not wait either.
  #open(path: string): OutputPipe {
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const writeEnd = openSync(path, constants.O_WRONLY);
      const reader = new Socket({ fd: readEnd, readable: true, writable: false });
      return {
        path,
        reader,
        writeEnd,
        release: async () => {
          await close(reader);
          this.#free.push(path);
        },
        discard: async () => {
          await close(reader);
          await rm(path, { force: true });
        },
      };
    } catch (error) {
      closeSync(readEnd);
      throw error;
    }
  }
}

async function close(reader: Socket): Promise<void> {
  if (reader.closed) return;
  const closed = once(reader, 'close');
  reader.destroy();
  await closed;
}

function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'alertmanager-proxy-runner-'));
}
