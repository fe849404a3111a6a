import { isUtf8 } from 'node:buffer';
import { parseResultLine } from '../checks/log-line/read.ts';
import { rawText } from '../checks/output.ts';
import type { ResultSink } from '../checks/result-sink.ts';
import type { CheckResult, JsonRecord } from '../checks/result.ts';
import { createDecoder } from '../platform/text/charset.ts';
import { createHttpClient, type HttpClient } from '../platform/http/http-client.ts';
import type { Logger } from '../platform/log/log.ts';
import { PushLoop } from './push-loop.ts';
import { Spool, type SpooledResult } from './spool.ts';

interface ResultPusherOptions {
  /** Of gateways; each gets everything. */
  readonly urls: readonly string[];
  readonly job: string;
  readonly spool: { readonly path: string; readonly maxBytes: number };
  readonly log: Logger;
}

const STOP_GRACE_MS = 2_000;

/** Pushes the results of a runner to gateways, each of them by itself: one that hangs delays no other. */
export class ResultPusher implements ResultSink {
  readonly #spool: Spool;
  readonly #loops: readonly PushLoop[];
  readonly #client: HttpClient;
  readonly #decode = createDecoder(['utf-8']);
  readonly #job: string;
  #attributes: JsonRecord = {};
  #subdued: Record<string, number> = {};

  /** Throws if the spool's folder cannot be used. */
  constructor({ urls, job, spool, log }: ResultPusherOptions) {
    this.#job = job;
    this.#spool = new Spool({
      ...spool,
      onTrouble: (err) => {
        log.error({ err, path: spool.path }, 'cannot write the spool; results wait in memory only');
      },
    });
    this.#client = createHttpClient({ connectTimeout: 5_000, maxResponseBytes: 1024 ** 2, keepAlive: true });
    const loopOptions = {
      ...{ client: this.#client, spool: this.#spool, log },
      envelope: (results: readonly SpooledResult[]) => this.#envelope(results),
      onSent: () => {
        this.#spool.release(Math.min(...this.#loops.map(({ sent }) => sent)));
      },
    };
    this.#loops = urls.map((url) => new PushLoop({ url, ...loopOptions }));
  }

  /** Begins to push as the client that these attributes describe; they hold no secrets. */
  start(attributes: JsonRecord): void {
    this.describe(attributes);
    for (const loop of this.#loops) loop.start();
  }

  /** Tells of the client from now on. */
  describe(attributes: JsonRecord): void {
    this.#attributes = attributes;
  }

  result(line: Buffer): void {
    const told = parseResultLine(line, this.#decode);
    if (typeof told === 'string') return;
    if ('subdued' in told) this.#subdued = { ...this.#subdued, [told.name]: told.subdued };
    else this.#spool.add(`${told.source ?? ''} ${told.name}`, toJson(told));
    for (const loop of this.#loops) loop.wake();
  }

  /** Sends what waits for up to 2 s; the rest stays in the spool. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop(STOP_GRACE_MS)));
    this.#client.close();
  }

  #envelope(results: readonly SpooledResult[]): string {
    const spool = { results: this.#spool.size - results.length, dropped: this.#spool.dropped };
    const subdued = Object.entries(this.#subdued).map(([name, at]) => ({ name, at }));
    const about = { client: this.#attributes, job: this.#job, sent: Date.now() / 1000, subdued, spool };
    return `${JSON.stringify(about).slice(0, -1)},"results":[${results.map(({ json }) => json).join(',')}]}`;
  }
}

// What is not UTF-8 travels in base64.
function toJson({ attributes, output }: CheckResult): string {
  const bytes = rawText(output);
  const text = isUtf8(bytes) ? { output: bytes.toString() } : { output_base64: bytes.toString('base64') };
  return JSON.stringify({ ...attributes, output: undefined, ...text });
}
