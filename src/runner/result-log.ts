import type { ClientDefinition } from '../sensu/client-definition.ts';
import type { JsonObject, JsonValue } from '../sensu/json.ts';
import type { LineSink } from './log-file.ts';
import { formatLogLine, type LogEntry } from '../checks/log-line/write.ts';
import { LONGEST_LINE_BYTES } from '../checks/log-line/limits.ts';
import { shortenCheck } from './shorten-check.ts';

/** The log that sensu-client would write. */
export class ResultLog {
  readonly #sink: LineSink;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Whether the result was written; if not, it is lost. */
  publish({ name, signature }: ClientDefinition, check: JsonObject): boolean {
    // A source whose token came out empty is none.
    const published = new Map([...check].filter(([key, value]) => key !== 'source' || value !== ''));
    return this.#write({ level: 'info', message: 'publishing check result' }, published, (check) => {
      const payload = new Map<string, JsonValue>([
        ['client', name],
        ['check', check],
      ]);
      if (signature !== undefined) payload.set('signature', signature);
      return new Map([['payload', payload]]);
    });
  }

  inProgress(request: JsonObject): void {
    this.#write({ level: 'warn', message: 'previous check command execution in progress' }, request, asCheck);
  }

  subdued(request: JsonObject): void {
    this.#write({ level: 'info', message: 'check execution was subdued' }, request, asCheck);
  }

  reopen(): void {
    this.#sink.reopen();
  }

  close(): void {
    this.#sink.close();
  }

  // A line that is too long for the agent is made anew, with less of what was printed: the status must not be lost with it.
  #write(
    entry: Pick<LogEntry, 'level' | 'message'>,
    check: JsonObject,
    fieldsOf: (check: JsonObject) => JsonObject,
  ): boolean {
    const at = Date.now();
    const line = formatLogLine({ ...entry, at, fields: fieldsOf(check) });
    const excess = line.length - '\n'.length - LONGEST_LINE_BYTES;
    if (excess <= 0) return this.#sink.write(line);
    return this.#sink.write(formatLogLine({ ...entry, at, fields: fieldsOf(shortenCheck(check, excess)) }));
  }
}

function asCheck(check: JsonObject): JsonObject {
  return new Map([['check', check]]);
}
