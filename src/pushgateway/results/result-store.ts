import { momentOf, type Clock } from '../../checks/clock.ts';
import type { KnownCheck } from '../../checks/known-checks.ts';
import { ownerOf, type CheckResult } from '../../checks/result.ts';
import type { LeftOut } from '../../checks/store.ts';
import { nextState } from '../../checks/state.ts';
import type { Change, StoreRecord } from '../storage/change.ts';
import { checkKey, digestOf, withoutTexts, type CheckEntry, type ClientEntry } from './check-entry.ts';
import type { Envelope, PushedResults } from './pushed-results.ts';
import { checkRecords, checkRemovals, clientRecord, readCheck, readClient } from './records.ts';

export interface ResultLimits {
  readonly clients: number;
  readonly checks: number;
  readonly checksPerClient: number;
}

/** What became of the results of a request. */
export interface ResultsOutcome {
  readonly stored: number;
  /** Known already, or older than what is known. */
  readonly older: number;
  /** Those for which there is no room. */
  readonly full: readonly string[];
}

// A result from further in the future than this was made by a wrong clock, and must not hide those after it was set right.
const CLOCK_TOLERANCE_SECONDS = 300;
const CLOCK_ERROR_SECONDS = 60;

/** The checks of all clients. Nothing in it changes but by a change that was planned here. */
export class ResultStore {
  readonly limits: ResultLimits;
  readonly #clock: Clock;
  readonly #checks = new Map<string, CheckEntry>();
  readonly #clients = new Map<string, ClientEntry>();
  readonly #names = new Map<string, Set<string>>();

  constructor(options: { readonly limits: ResultLimits; readonly clock: Clock }) {
    this.limits = options.limits;
    this.#clock = options.clock;
  }

  get size(): number {
    return this.#checks.size;
  }

  clients(): ClientEntry[] {
    return [...this.#clients.values()];
  }

  client(name: string): ClientEntry | undefined {
    return this.#clients.get(name);
  }

  checks(): CheckEntry[] {
    return [...this.#checks.values()];
  }

  find(owner: string, name: string): CheckEntry | undefined {
    return this.#checks.get(checkKey(owner, name));
  }

  /** The checks of one client, sorted by name. */
  checksOf(owner: string): CheckEntry[] {
    return [...(this.#names.get(owner) ?? [])].sort().flatMap((name) => this.find(owner, name) ?? []);
  }

  restoreCheck(value: string): boolean {
    const entry = readCheck(value, this.#clock);
    if (entry === undefined) return false;
    this.#setCheck(checkKey(entry.owner, entry.name), { ...entry, state: withoutTexts(entry.state) });
    return true;
  }

  restoreClient(value: string): boolean {
    const client = readClient(value);
    if (client !== undefined) this.#clients.set(client.name, client);
    return client !== undefined;
  }

  /** A check as the judging sees it. */
  known({ owner, name, state }: CheckEntry): KnownCheck {
    const node = this.#clients.get(state.result.client === '' ? owner : state.result.client);
    const seconds = node?.subdued[name];
    return {
      ...{ name, source: state.result.source, state },
      definition: node?.defined[name] ?? {},
      lastSubdued: seconds === undefined ? undefined : this.subduedAt(seconds),
    };
  }

  subduedAt(seconds: number): LeftOut {
    return { seconds, moment: momentOf(seconds, this.#clock) };
  }

  /** All results of a request, and what else it tells, as one step. */
  planRequest({ results, envelope, job }: PushedResults): {
    outcome: ResultsOutcome;
    changes: readonly Change[];
  } {
    const planned = new Map<string, { entry: CheckEntry; records: StoreRecord[] }>();
    let [stored, older] = [0, 0];
    const full: string[] = [];
    if (envelope !== undefined && !this.#hasRoomFor(envelope.client)) {
      const problem = `no room for new clients: the limit is ${this.limits.clients}`;
      return { outcome: { stored, older, full: [problem] }, changes: [] };
    }
    for (const result of results) {
      if ('error' in result) continue;
      const key = checkKey(ownerOf(result), result.name);
      const known = planned.get(key)?.entry ?? this.#checks.get(key);
      const noRoom = known === undefined ? this.#fullProblem(ownerOf(result), planned) : undefined;
      if (noRoom !== undefined) full.push(noRoom);
      else if (known !== undefined && !this.#follows(result, known)) older += 1;
      else {
        planned.set(
          key,
          this.#planResult(result, known, { job, instance: envelope?.instance ?? result.client }),
        );
        stored += 1;
      }
    }
    const changes = [...planned].map(([key, { entry, records }]) => this.#replaceCheck(key, entry, records));
    return {
      outcome: { stored, older, full },
      changes: envelope === undefined ? changes : [...changes, ...this.#planEnvelope(envelope, job)],
    };
  }

  planRemoval(checks: readonly CheckEntry[], clients: readonly string[] = []): readonly Change[] {
    return [
      ...checks.map((entry) =>
        this.#replaceCheck(checkKey(entry.owner, entry.name), undefined, checkRemovals(entry)),
      ),
      ...clients
        .filter((name) => this.#clients.has(name))
        .map((name) => this.#replaceClient(name, undefined)),
    ];
  }

  /** Removes a client with all that it pushed, also about others. */
  planClientRemoval(name: string): readonly Change[] {
    const checks = this.checks().filter(({ owner, state }) => owner === name || state.result.client === name);
    return this.planRemoval(checks, [name]);
  }

  #planResult(
    result: CheckResult,
    known: CheckEntry | undefined,
    { job, instance }: { job: string; instance: string },
  ): { entry: CheckEntry; records: StoreRecord[] } {
    const state = nextState(known?.state, result, {
      ranAt: momentOf(result.executed, this.#clock),
      reading: undefined,
      origin: undefined,
    });
    const about = { owner: ownerOf(result), name: result.name, instance, job };
    const entry = {
      ...about,
      received: this.#clock.now(),
      digest: digestOf(result),
      state: withoutTexts(state),
    };
    return { entry, records: checkRecords(entry, state) };
  }

  #planEnvelope(envelope: Envelope, job: string): readonly Change[] {
    if (envelope.isLast) return this.planClientRemoval(envelope.client);
    const before = this.#clients.get(envelope.client);
    const now = this.#clock.now();
    const error = envelope.sent === undefined ? 0 : envelope.sent - now / 1000;
    const gone = envelope.gone.flatMap((name) => this.find(envelope.client, name) ?? []);
    const client: ClientEntry = {
      ...{
        name: envelope.client,
        attributes: envelope.attributes,
        instance: envelope.instance,
        job,
        received: now,
      },
      clockError: Math.abs(error) > CLOCK_ERROR_SECONDS ? error : undefined,
      spooled: envelope.spool.results,
      dropped: envelope.spool.dropped,
      defined: withoutKeys(envelope.defined ?? before?.defined ?? {}, envelope.gone),
      subdued: withoutKeys({ ...before?.subdued, ...envelope.subdued }, envelope.gone),
    };
    return [...this.planRemoval(gone), this.#replaceClient(envelope.client, client)];
  }

  // The same result again is a repetition: an answer was lost, and it must not count twice.
  #follows(result: CheckResult, { state, digest }: CheckEntry): boolean {
    const { executed, status } = state.result;
    if (executed > this.#clock.now() / 1000 + CLOCK_TOLERANCE_SECONDS) return true;
    if (result.executed !== executed) return result.executed > executed;
    return result.status !== status || digestOf(result) !== digest;
  }

  #hasRoomFor(client: string): boolean {
    return this.#clients.has(client) || this.#clients.size < this.limits.clients;
  }

  #fullProblem(owner: string, planned: ReadonlyMap<string, { entry: CheckEntry }>): string | undefined {
    const added = [...planned].filter(([key]) => !this.#checks.has(key));
    const ofOwner =
      added.filter(([, { entry }]) => entry.owner === owner).length + (this.#names.get(owner)?.size ?? 0);
    if (this.#checks.size + added.length >= this.limits.checks) {
      return `no room for new checks: the limit is ${this.limits.checks}`;
    }
    if (ofOwner < this.limits.checksPerClient) return undefined;
    return `no room for new checks of one client: the limit is ${this.limits.checksPerClient}`;
  }

  #replaceCheck(key: string, after: CheckEntry | undefined, records: readonly StoreRecord[]): Change {
    const before = this.#checks.get(key);
    return {
      records,
      apply: () => {
        this.#setCheck(key, after);
      },
      undo: () => {
        this.#setCheck(key, before);
      },
    };
  }

  #replaceClient(name: string, after: ClientEntry | undefined): Change {
    const before = this.#clients.get(name);
    const set = (client: ClientEntry | undefined): void => {
      if (client === undefined) this.#clients.delete(name);
      else this.#clients.set(name, client);
    };
    return {
      records: [clientRecord(name, after)],
      apply: () => {
        set(after);
      },
      undo: () => {
        set(before);
      },
    };
  }

  #setCheck(key: string, entry: CheckEntry | undefined): void {
    const [owner = '', name = ''] = key.split(' ');
    const names = this.#names.get(owner) ?? new Set();
    if (entry === undefined) {
      this.#checks.delete(key);
      names.delete(name);
    } else {
      this.#checks.set(key, entry);
      names.add(name);
    }
    if (names.size === 0) this.#names.delete(owner);
    else this.#names.set(owner, names);
  }
}

function withoutKeys<T>(record: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
