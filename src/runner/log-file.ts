import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeError } from '../platform/log.ts';

// A reader of stdout that stops reading must not fill our memory.
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** Where log lines go. */
export interface LineSink {
  /** Whether the line was taken; one that could not be written is lost, as under Sensu. */
  write(line: Buffer): boolean;
  /** Goes on with a new file at the same path, after logrotate has moved the old one. */
  reopen(): void;
  close(): void;
}

/** To be told of each line: why it is lost, or undefined if it is written. */
type OnLine = (lost: string | undefined) => void;

interface LogOptions {
  /** `-`: the stream. */
  readonly path: string;
  readonly stdout: NodeJS.WritableStream;
  readonly onLine: OnLine;
}

/** Opens the log; throws if a file cannot be opened. */
export function openLog({ path, stdout, onLine }: LogOptions): LineSink {
  return path === '-' ? logToStream(stdout, onLine) : openLogFile(path, onLine);
}

// A line is written whole, or what follows it starts on a new line.
function openLogFile(path: string, onLine: OnLine): LineSink {
  let file = openForAppending(path);
  let isBroken = false;
  const write = (line: Buffer): string | undefined => {
    try {
      const bytes = isBroken ? Buffer.concat([Buffer.from('\n'), line]) : line;
      const written = writeSync(file, bytes);
      isBroken = written === bytes.length ? false : isBroken || written > 0;
      return written === bytes.length ? undefined : `took ${written} of ${bytes.length} bytes`;
    } catch (error) {
      return describeError(error);
    }
  };
  return {
    write: (line) => {
      const lost = write(line);
      onLine(lost);
      return lost === undefined;
    },
    reopen: () => {
      const next = openForAppending(path);
      closeSync(file);
      file = next;
      isBroken = false;
    },
    close: () => {
      closeSync(file);
    },
  };
}

function openForAppending(path: string): number {
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new Error(`the folder ${folder} does not exist: create it or set --log.file`);
  return openSync(path, 'a', 0o644);
}

// The stream is not ours to close.
function logToStream(stream: NodeJS.WritableStream, onLine: OnLine): LineSink {
  let pending = 0;
  return {
    write: (line) => {
      if (pending > MAX_PENDING_BYTES) {
        onLine(`its reader has left ${pending} bytes unread`);
        return false;
      }
      pending += line.length;
      stream.write(line, (error) => {
        pending -= line.length;
        onLine(error ? describeError(error) : undefined);
      });
      return true;
    },
    reopen: () => undefined,
    close: () => undefined,
  };
}
