import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeError } from '../platform/log/log.ts';
import { Outage } from '../platform/log/outage.ts';
import { ReplacedFile } from './replaced-file.ts';

// A reader of stdout that stops reading must not fill our memory.
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** Where log lines go. */
export interface LineSink {
  /** Whether the line was taken; one that could not be written is lost, as under Sensu. */
  write(line: Buffer): boolean;
  /** Goes on with the file at the path at once; throws if it cannot be opened, and goes on with the old one. */
  reopen(): void;
  close(): void;
}

/** To be told of each line, and why it is lost; undefined if it is written. */
type OnLine = (lost: string | undefined) => void;

interface LogOptions {
  /** `-`: the stream. */
  readonly path: string;
  readonly stdout: NodeJS.WritableStream;
  readonly onLine: OnLine;
  /** To be told, once until it can, why a file that was moved or deleted cannot be followed by a new one. */
  readonly onStuck: (error: unknown) => void;
}

/** Opens the log; throws if a file cannot be opened. */
export function openLog(options: LogOptions): LineSink {
  return options.path === '-' ? logToStream(options.stdout, options.onLine) : openLogFile(options);
}

// A line is written whole, or what follows it starts on a new line.
function openLogFile({ path, onLine, onStuck }: LogOptions): LineSink {
  let file = openForAppending(path);
  let isBroken = false;
  const stuck = new Outage({ onBegin: onStuck });
  const moved = new ReplacedFile(path);
  const reopen = (): void => {
    const next = openForAppending(path);
    closeSync(file);
    file = next;
    isBroken = false;
    stuck.succeeded();
  };
  // Whoever moved the log need not tell us: what is written to a deleted file is lost with the process.
  const followPath = (): void => {
    try {
      const isMoved = moved.isMoved(file);
      if (isMoved === true) reopen();
      if (isMoved === false) stuck.succeeded();
    } catch (error) {
      stuck.failed(error);
    }
  };
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
      followPath();
      const lost = write(line);
      onLine(lost);
      return lost === undefined;
    },
    reopen,
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
