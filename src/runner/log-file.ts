import { closeSync, openSync, writeSync } from 'node:fs';

// A reader of stdout that stops reading must not fill our memory.
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** Where log lines go. */
export interface LineSink {
  /** Whether the line was taken; a line that could not be written is lost, as under Sensu. */
  write(line: Buffer): boolean;
  /** Goes on with a new file at the same path, after logrotate has moved the old one. */
  reopen(): void;
  close(): void;
}

/** Opens the log at a path, or on a stream if the path is `-`; throws if a file cannot be opened. */
export function openLog(path: string, stdout: NodeJS.WritableStream): LineSink {
  return path === '-' ? logToStream(stdout) : openLogFile(path);
}

// A line is written whole, or what follows it starts on a new line.
function openLogFile(path: string): LineSink {
  let file = openSync(path, 'a', 0o644);
  let isBroken = false;
  return {
    write: (line) => {
      try {
        const bytes = isBroken ? Buffer.concat([Buffer.from('\n'), line]) : line;
        const written = writeSync(file, bytes);
        isBroken = written === bytes.length ? false : isBroken || written > 0;
        return written === bytes.length;
      } catch {
        return false;
      }
    },
    reopen: () => {
      const next = openSync(path, 'a', 0o644);
      closeSync(file);
      file = next;
      isBroken = false;
    },
    close: () => {
      closeSync(file);
    },
  };
}

// The stream is not ours to close.
function logToStream(stream: NodeJS.WritableStream): LineSink {
  let pending = 0;
  return {
    write: (line) => {
      if (pending > MAX_PENDING_BYTES) return false;
      pending += line.length;
      stream.write(line, () => {
        pending -= line.length;
      });
      return true;
    },
    reopen: () => undefined,
    close: () => undefined,
  };
}
