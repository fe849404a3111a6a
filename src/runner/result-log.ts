import type { ClientDefinition } from '../sensu/client-definition.ts';
import type { JsonObject, JsonValue } from '../sensu/json.ts';
import type { LineSink } from './log-file.ts';
import { formatLogLine, type LogEntry } from './log-line.ts';

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
    const payload = new Map<string, JsonValue>([
      ['client', name],
      ['check', published],
    ]);
    if (signature !== undefined) payload.set('signature', signature);
    return this.#write('info', 'publishing check result', new Map([['payload', payload]]));
  }

  inProgress(request: JsonObject): void {
    this.#write('warn', 'previous check command execution in progress', new Map([['check', request]]));
  }

  subdued(request: JsonObject): void {
    this.#write('info', 'check execution was subdued', new Map([['check', request]]));
  }

  reopen(): void {
    this.#sink.reopen();
  }

  close(): void {
    this.#sink.close();
  }

  #write(level: LogEntry['level'], message: string, fields: JsonObject): boolean {
    return this.#sink.write(formatLogLine({ at: Date.now(), level, message, fields }));
  }
}
