import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../../src/proxy/enrich/deadline.ts';
import { Enricher } from '../../../../src/proxy/enrich/enricher.ts';
import type { LookupResult } from '../../../../src/proxy/enrich/lookup.ts';
import { createLookupStack } from '../../../../src/proxy/enrich/lookup-stack.ts';
import { OutputCache } from '../../../../src/proxy/enrich/output-cache.ts';
import { TwoLineLimit } from '../../../../src/proxy/enrich/policy/two-line-limit.ts';
import { alertOf, NOW, ruleOf } from './alerts-and-rules.ts';
import { createClock, failure, settle, success } from './policy/stub-lookup.ts';

const HOUR = 3_600_000;
const JUMPS = [-HOUR, -24 * HOUR, -365 * 24 * HOUR, HOUR, 24 * HOUR, 365 * 24 * HOUR];
const LIMIT = { concurrency: 10, rounds: 10 };

/** An enricher in front of one node, a clock that only grows, and one that can be set. */
function createScene() {
  const clock = createClock(NOW);
  let set = 0;
  let asked = 0;
  let answer = (): LookupResult => success(`answer ${asked}`, clock.now());
  const { lookup, lastKnown } = createLookupStack(
    () => {
      asked += 1;
      return Promise.resolve(answer());
    },
    {
      cache: new OutputCache({ maxEntries: 10, maxBytes: 10_000 }),
      ttl: 30_000,
      negativeTtl: 90_000,
      staleIfError: HOUR,
      total: new TwoLineLimit(LIMIT),
      source: new TwoLineLimit(LIMIT),
      perHost: 4,
      timeout: 1000,
      stormTimeout: 100,
      now: clock.now,
    },
  );
  const wallClock = (): number => clock.now() + set;
  const enricher = new Enricher({ rules: [ruleOf({ lookup, lastKnown })], now: clock.now, wallClock });
  /** Sends an alert that has been firing since a moment of the wall clock; returns what it carries. */
  async function send(startsAt: number): Promise<string> {
    const alert = alertOf({ instance: 'n1:9470', check: 'disk' }, { startsAt, endsAt: undefined });
    const deadline = new Deadline(1000);
    const enrichments = await enricher.enrich([alert], { receivedAt: wallClock(), deadline });
    await settle();
    return enricher.plan([alert], enrichments)[0]?.annotations.entries['check_output'] ?? '';
  }
  return {
    send,
    wallClock,
    pass: clock.advance,
    set: (milliseconds: number) => (set += milliseconds),
    answerWith: (next: typeof answer) => (answer = next),
    asked: () => asked,
  };
}

describe.each(JUMPS)('a wall clock that is set by %d ms', (jump) => {
  it('leaves outputs as old as they are: a re-send is refreshed after its ttl', async () => {
    const { send, set, pass, wallClock, asked } = createScene();
    const startsAt = wallClock() - 60_000;
    await send(startsAt);
    set(jump);

    pass(20_000);
    await send(startsAt + jump);
    expect(asked()).toBe(1);
    pass(20_000);
    await send(startsAt + jump);
    expect(asked()).toBe(2);
  });

  it('gives a new alert no output from before it fired', async () => {
    const { send, set, pass, wallClock } = createScene();
    expect(await send(wallClock() - 60_000)).toBe('answer 1');
    set(jump);
    pass(1000);

    expect(await send(wallClock())).toBe('answer 2');
  });

  it('leaves a host alone for no longer than negative_ttl', async () => {
    const { send, set, pass, wallClock, answerWith } = createScene();
    answerWith(() => failure('refused'));
    expect(await send(wallClock())).toContain('refused');
    set(jump);
    answerWith(() => success('back', NOW + 91_000));
    pass(91_000);

    expect(await send(wallClock())).toBe('back');
  });
});
