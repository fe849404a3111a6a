import type { ClientDefinition } from '../sensu/client-definition.ts';
import type { JsonObject, JsonValue } from '../sensu/json.ts';
import type { ResultOrigin, ResultSink } from '../checks/result-sink.ts';
import type { LineSink } from './log-file.ts';
import { formatLogLine, type LogEntry } from '../checks/log-line/write.ts';
import { LONGEST_LINE_BYTES } from '../checks/log-line/limits.ts';
import { shortenCheck } from './shorten-check.ts';

interface ResultLogOptions {
  readonly sink: LineSink;
  /** Takes all that the log gets, if somebody in this process wants it. */
  readonly results?: ResultSink | undefined;
}

/** The log that sensu-client would write. */
export class ResultLog {
  readonly #sink: LineSink;
  readonly #results: ResultSink | undefined;

  constructor({ sink, results }: ResultLogOptions) {
    this.#sink = sink;
    this.#results = results;
  }

  /** Whether the result was written; if not, the log lacks it. */
  publish({ name, signature }: ClientDefinition, check: JsonObject, origin: ResultOrigin): boolean {
    // A source whose token came out empty is none.
    const published = new Map([...check].filter(([key, value]) => key !== 'source' || value !== ''));
    const entry = { level: 'info', message: 'publishing check result', origin } as const;
    return this.#write(entry, published, (check) => {
      const payload = new Map<string, JsonValue>([
        ['client', name],
        ['check', check],
      ]);
      if (signature !== undefined) payload.set('signature', signature);
      return new Map([['payload', payload]]);
    });
  }

  inProgress(request: JsonObject): void {
    const message = 'previous check command execution in progress';
    this.#write({ level: 'warn', message, origin: 'run' }, request, asCheck);
  }

  subdued(request: JsonObject): void {
    const message = 'check execution was subdued';
    this.#write({ level: 'info', message, origin: 'run' }, request, asCheck);
  }

  reopen(): void {
    this.#sink.reopen();
  }

  close(): void {
    this.#sink.close();
  }

  // A line that is too long for the agent is made anew, with less of what was printed: the status must not be lost with it.
  #write(
    { origin, ...entry }: Pick<LogEntry, 'level' | 'message'> & { readonly origin: ResultOrigin },
    check: JsonObject,
    fieldsOf: (check: JsonObject) => JsonObject,
  ): boolean {
    const at = Date.now();
    const whole = formatLogLine({ ...entry, at, fields: fieldsOf(check) });
    const excess = whole.length - '\n'.length - LONGEST_LINE_BYTES;
    const line =
      excess <= 0 ? whole : formatLogLine({ ...entry, at, fields: fieldsOf(shortenCheck(check, excess)) });
    const isWritten = this.#sink.write(line);
    this.#results?.result(line.subarray(0, -1), origin);
    return isWritten;
  }
}

function asCheck(check: JsonObject): JsonObject {
  return new Map([['check', check]]);
}
