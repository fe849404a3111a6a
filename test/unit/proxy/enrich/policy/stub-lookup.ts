import { AnnotationSet } from '../../../../../src/proxy/alert/splice.ts';
import type { Failure, LookupResult, FetchedOutput, Query } from '../../../../../src/proxy/enrich/lookup.ts';
import type { Demand } from '../../../../../src/proxy/enrich/demand.ts';
import type { Reason } from '../../../../../src/proxy/enrich/reason.ts';

/** A lookup that answers when the test says so, and remembers what it was asked. */
export interface StubLookup {
  readonly lookup: (query: Query, patience: Demand) => Promise<LookupResult>;
  /** Every question so far, with who waits for the answer. */
  readonly asked: { readonly query: Query; readonly patience: Demand }[];
  /** How many wait for their answer. */
  pending(): number;
  /** Answers the oldest question that is open, and lets all that follows from it happen. */
  answer(result: LookupResult): Promise<void>;
}

export function createStubLookup(): StubLookup {
  const asked: StubLookup['asked'] = [];
  const open: ((result: LookupResult) => void)[] = [];
  return {
    asked,
    pending: () => open.length,
    lookup: (query, patience) => {
      asked.push({ query, patience });
      return new Promise((resolve) => open.push(resolve));
    },
    answer: async (result) => {
      const resolve = open.shift();
      if (resolve === undefined) throw new Error('nothing was asked');
      resolve(result);
      await settle();
    },
  };
}

/** Lets all promises run that can. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until it is moved; milliseconds. */
export function createClock(start = 1_000_000): {
  now: () => number;
  advance: (milliseconds: number) => void;
} {
  let time = start;
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** What is asked for an alert that has been firing for long. */
export function query(key: string, parts: Partial<Query> = {}): Query {
  return {
    key,
    url: `http://${key}`,
    host: key.split('/')[0] ?? key,
    alert: { labels: {} },
    status: 'firing',
    changedAt: 1,
    ...parts,
  };
}

export function output(text: string, fetchedAt: number): FetchedOutput {
  const annotations = new AnnotationSet({ check_output: text });
  return { fetchedAt, annotations: { firing: annotations, resolved: annotations }, hasResult: true };
}

export function success(text: string, fetchedAt: number): LookupResult {
  return { ok: true, output: output(text, fetchedAt), cached: false };
}

export function failure(reason: Reason): Failure {
  return { ok: false, reason };
}

export const patient: Demand = { exhausted: false, isUrgent: true };

/** Somebody who waits until told otherwise. */
export function createPatience(): Demand & { end(): void } {
  let exhausted = false;
  return {
    get exhausted() {
      return exhausted;
    },
    isUrgent: true,
    end: () => {
      exhausted = true;
    },
  };
}

/** What the reader of an alert gets to see of a result. */
export function textOf(result: LookupResult | undefined): string | undefined {
  const shown = result?.ok === true ? result.output : result?.last;
  return shown?.annotations.firing.entries['check_output'];
}
