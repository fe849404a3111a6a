import { isNativeError } from 'node:util/types';
import { escapeInvisible } from '../text/invisible.ts';
import { pino, stdTimeFunctions, type Logger as PinoLogger } from 'pino';
import { PLATFORM_LOG } from './messages.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export const LOG_FORMATS = ['logfmt', 'json'] as const;

export type Logger = PinoLogger;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = (typeof LOG_FORMATS)[number];

interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly stream: NodeJS.WritableStream;
}

/** A logger whose lines look like Prometheus' own: `time=… level=INFO msg=… key=value`, or the same as JSON. */
export function createLogger({ level, format, stream }: LoggerOptions): Logger {
  const write = format === 'json' ? escapeInvisible : (line: string) => escapeInvisible(toLogfmt(line));
  const destination = createBoundedDestination(stream, write);
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      serializers: { err: describeError },
    },
    destination,
  );
}

/** Of a reader that stands still, so much waits in memory; what comes then is dropped, and counted. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024;

function createBoundedDestination(
  stream: NodeJS.WritableStream,
  write: (line: string) => string,
): { write(line: string): void } {
  let dropped = 0;
  return {
    write: (line) => {
      if (pendingBytes(stream) > MAX_PENDING_BYTES) {
        dropped += 1;
        return;
      }
      if (dropped > 0) stream.write(write(droppedLine(dropped)));
      dropped = 0;
      stream.write(write(line));
    },
  };
}

function pendingBytes(stream: NodeJS.WritableStream): number {
  return 'writableLength' in stream ? Number(stream.writableLength) : 0;
}

function droppedLine(lines: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'WARN', time, lines, msg: PLATFORM_LOG.droppedLines })}\n`;
}

/** An error in one line: its message and the messages of its causes. */
export function describeError(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  return error.cause === undefined ? own : `${own}: ${describeError(error.cause)}`;
}

function toLogfmt(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const pairs = Object.entries({ time, level, msg, ...fields });
  return (
    pairs
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${logfmtValue(value)}`)
      .join(' ') + '\n'
  );
}

// logfmt quotes as JSON does, which keeps line breaks and escape sequences out of the log.
function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[^\s"=\p{Cc}\p{Cf}\\]+$/u.test(text) ? text : JSON.stringify(text);
}
