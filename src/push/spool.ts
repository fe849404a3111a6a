import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../platform/file/error-code.ts';

/** A result that waits until every gateway has it. */
export interface SpooledResult {
  /** Counts up; results of one check are sent in this order. */
  readonly number: number;
  /** Tells one check from the others. */
  readonly check: string;
  /** As a gateway takes it: a JSON object in one line. */
  readonly json: string;
}

interface SpoolOptions {
  /** A folder, which is made if it is missing. */
  readonly path: string;
  readonly maxBytes: number;
  /** Called when a file operation failed; the results wait in memory then. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * What waits to be pushed: in memory, and as lines of a file, so that it is there again after a crash. A gateway takes a result that
 * comes twice for one, so the file need not say what was sent: what is in it is sent again.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #file: string;
  #waiting: SpooledResult[] = [];
  #bytes = 0;
  #fileBytes = 0;
  #next = 1;
  #dropped = 0;

  /** Reads what the last process left. Throws if the folder cannot be made. */
  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#file = join(options.path, 'results.jsonl');
    mkdirSync(options.path, { recursive: true });
    for (const line of readLines(this.#file)) {
      const found = parseLine(line);
      if (found !== undefined) this.#keep(found.check, found.json);
    }
    this.#fileBytes = this.#bytes;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** How many had to be dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a result in. Full: results go of which a newer one of the same check waits, oldest first; the newest of each stays. */
  add(check: string, json: string): void {
    this.#keep(check, json);
    this.#write(() => {
      appendFileSync(this.#file, toLine({ check, json }));
      this.#fileBytes += json.length;
    });
    if (this.#bytes > this.#options.maxBytes) this.#dropSuperseded();
    if (this.#fileBytes > 2 * this.#options.maxBytes) this.#rewrite();
  }

  /** What follows a number, at most so many and about so many bytes; at least one if there is any. */
  after(
    number: number,
    { results, bytes }: { readonly results: number; readonly bytes: number },
  ): SpooledResult[] {
    const taken: SpooledResult[] = [];
    let size = 0;
    for (const one of this.#waiting) {
      if (one.number <= number) continue;
      if (taken.length === results || (taken.length > 0 && size + one.json.length > bytes)) break;
      taken.push(one);
      size += one.json.length;
    }
    return taken;
  }

  /** Lets go of what all have. */
  release(number: number): void {
    const kept = this.#waiting.filter((one) => one.number > number);
    if (kept.length === this.#waiting.length) return;
    this.#waiting = kept;
    this.#bytes = kept.reduce((sum, { json }) => sum + json.length, 0);
    if (kept.length === 0) this.#rewrite();
  }

  #keep(check: string, json: string): void {
    this.#waiting.push({ number: this.#next, check, json });
    this.#next += 1;
    this.#bytes += json.length;
  }

  #dropSuperseded(): void {
    const newest = new Map(this.#waiting.map(({ check, number }) => [check, number]));
    this.#waiting = this.#waiting.filter(({ check, number, json }) => {
      const isDropped = this.#bytes > this.#options.maxBytes && newest.get(check) !== number;
      if (isDropped) {
        this.#bytes -= json.length;
        this.#dropped += 1;
      }
      return !isDropped;
    });
  }

  #rewrite(): void {
    this.#write(() => {
      const temporary = `${this.#file}.new`;
      writeFileSync(temporary, this.#waiting.map(toLine).join(''));
      renameSync(temporary, this.#file);
      this.#fileBytes = this.#bytes;
    });
  }

  #write(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }
}

function toLine({ check, json }: Pick<SpooledResult, 'check' | 'json'>): string {
  return `[${JSON.stringify(check)},${json}]\n`;
}

// The last line may be cut: the process died while it wrote.
function parseLine(line: string): { check: string; json: string } | undefined {
  try {
    const [check, result] = JSON.parse(line) as [check: unknown, result: unknown];
    return typeof check === 'string' ? { check, json: JSON.stringify(result) } : undefined;
  } catch {
    return undefined;
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
