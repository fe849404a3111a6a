import { runs } from '../../../support/thorough.ts';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { OutputCache } from '../../../../src/proxy/enrich/output-cache.ts';
import { Deadline } from '../../../../src/proxy/enrich/deadline.ts';
import type { LookupResult, Parts, Query } from '../../../../src/proxy/enrich/lookup.ts';
import { createLookupStack } from '../../../../src/proxy/enrich/lookup-stack.ts';
import { TwoLineLimit } from '../../../../src/proxy/enrich/policy/two-line-limit.ts';
import { parseUrlTemplate } from '../../../../src/platform/http/url-template.ts';
import { output, query, success } from './policy/stub-lookup.ts';

const NEGATIVE_TTL = 90_000;
const DEADLINE = 2_000;
const CONNECT_TIMEOUT = 300;
const DIES_AFTER = 50_000;
const TOTAL = 4;
const PER_HOST = 2;
const CHECKS = ['0', '1', '2', '3', '4'];

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Nodes of all kinds, and what they see of the requests. */
class Nodes {
  /** When each node was asked, by node; milliseconds. */
  readonly tries = new Map<string, number[]>();
  readonly violations: string[] = [];
  readonly #diesAt = Date.now() + DIES_AFTER;
  readonly #inFlight = new Map<string, number>();

  readonly ask = async ({ key, host }: Query, timeout: number): Promise<LookupResult> => {
    this.tries.set(host, [...(this.tries.get(host) ?? []), Date.now()]);
    this.#count(key, 1, 1);
    this.#count(host, 1, PER_HOST);
    this.#count('all', 1, TOTAL);
    const isDead = host.startsWith('dead') || (host === 'dying' && Date.now() >= this.#diesAt);
    const result = await answerOf(isDead ? 'dead' : host, timeout);
    for (const who of [key, host, 'all']) this.#count(who, -1, Infinity);
    return result;
  };

  /** Several checks at once: each node knows all of them. */
  readonly askMany = async (asked: Query, timeout: number): Promise<LookupResult<Parts>> => {
    const result = await this.ask({ ...asked, key: asked.url }, timeout);
    if (!result.ok) return result;
    const parts = CHECKS.map((check) => [check, success('fine', result.output.fetchedAt)] as const);
    return { ...result, output: new Map(parts) };
  };

  /** When the node was asked that first answers and then no more, since it no longer does. */
  triesOfTheDying(): number[] {
    return (this.tries.get('dying') ?? []).filter((time) => time >= this.#diesAt);
  }

  #count(who: string, change: number, limit: number): void {
    const count = (this.#inFlight.get(who) ?? 0) + change;
    if (count > limit) this.violations.push(`${count} requests at a time for ${who}`);
    this.#inFlight.set(who, count);
  }
}

async function answerOf(host: string, timeout: number): Promise<LookupResult> {
  const fetchedAt = Date.now();
  if (host === 'dead') {
    await pause(Math.min(CONNECT_TIMEOUT, timeout));
    return { ok: false, reason: 'connect_timeout' };
  }
  if (host.startsWith('hung')) {
    await pause(timeout);
    return { ok: false, reason: 'timeout' };
  }
  await pause(20);
  return { ok: true, output: output('fine', fetchedAt), cached: false };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** One batch: when it comes after the one before, what it asks, and whether its alerts have just changed. */
const batches = fc.array(
  fc.record({
    after: fc.oneof(fc.nat(500), fc.nat(100_000)),
    questions: fc.array(
      fc.record({
        host: fc.constantFrom('dead-1', 'dead-2', 'hung-1', 'dying', 'fine'),
        check: fc.constantFrom(...CHECKS),
        hasChanged: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  }),
  { maxLength: 12 },
);

const SETTINGS = {
  ttl: 30_000,
  negativeTtl: NEGATIVE_TTL,
  staleIfError: 3_600_000,
  perHost: PER_HOST,
  timeout: 1_000,
  stormTimeout: 100,
  now: () => Date.now(),
};
const BATCH = { label: 'check', template: parseUrlTemplate('http://{node}/{check}') };

describe('createLookupStack', () => {
  it.each([
    ['one by one', false],
    ['at once', true],
  ])(
    'is gentle, whatever the schedule of batches, where checks are asked for %s',
    async (_, atOnce) => {
      await fc.assert(
        fc.asyncProperty(batches, async (schedule) => {
          const nodes = new Nodes();
          const { lookup } = createLookupStack(nodes.ask, {
            ...SETTINGS,
            cache: new OutputCache({ maxEntries: 100, maxBytes: 100_000 }),
            total: new TwoLineLimit({ concurrency: TOTAL, rounds: 16 }),
            source: new TwoLineLimit({ concurrency: TOTAL, rounds: 16 }),
            batch: atOnce ? { ...BATCH, source: nodes.askMany } : undefined,
          });
          for (const { after, questions } of schedule) {
            await jest.advanceTimersByTimeAsync(after);
            const deadline = new Deadline(DEADLINE);
            for (const { host, check, hasChanged } of questions) {
              const changedAt = hasChanged ? Date.now() : 0;
              const alert = { labels: { node: host, check } };
              void lookup(query(`${host}/${check}`, { alert, changedAt }), deadline);
            }
          }
          await jest.advanceTimersByTimeAsync(60_000);

          expect(nodes.violations).toEqual([]);
          for (const host of ['dead-1', 'dead-2', 'hung-1']) {
            expect(smallestGap(nodes.tries.get(host) ?? [])).toBeGreaterThanOrEqual(NEGATIVE_TTL);
          }
          // Those that were under way together when it died cannot know of each other.
          const [first = 0, ...rest] = nodes.triesOfTheDying();
          const later = rest.filter((time) => time > first + CONNECT_TIMEOUT);
          expect(rest.length - later.length).toBeLessThan(PER_HOST);
          expect(smallestGap([first, ...later])).toBeGreaterThanOrEqual(NEGATIVE_TTL);
        }),
        { numRuns: runs(200) },
      );
    },
    60_000,
  );
});

describe('createLookupStack, with more refreshes due than it has time for', () => {
  it('asks for new alerts first', async () => {
    const { lookup } = createLookupStack(new Nodes().ask, {
      ...SETTINGS,
      cache: new OutputCache({ maxEntries: 1_000, maxBytes: 1_000_000 }),
      total: new TwoLineLimit({ concurrency: TOTAL, rounds: 1_000 }),
      source: new TwoLineLimit({ concurrency: TOTAL, rounds: 1_000 }),
    });
    const known = Array.from({ length: 500 }, (_, index) => query(`known-${index}/disk`));
    for (const one of known) void lookup(one, new Deadline(60_000));
    await jest.advanceTimersByTimeAsync(60_000);
    const resent = known.map((one) => lookup(one, new Deadline(DEADLINE)));
    const startedAt = Date.now();
    const fresh = Array.from({ length: 10 }, async (_, index) =>
      lookup(query(`new-${index}/disk`, { changedAt: startedAt }), new Deadline(DEADLINE)),
    );
    await jest.advanceTimersByTimeAsync(100);

    expect(resent.filter((answer) => answer instanceof Promise)).toEqual([]);
    expect(await Promise.all(fresh)).toMatchObject(fresh.map(() => ({ ok: true })));
  });
});

function smallestGap(times: readonly number[]): number {
  return Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}
