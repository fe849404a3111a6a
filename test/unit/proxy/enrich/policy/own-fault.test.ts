import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from '../../../../../src/proxy/enrich/policy/circuit-breaker.ts';
import { MassOutage } from '../../../../../src/proxy/enrich/policy/mass-outage.ts';
import { timed } from '../../../../../src/proxy/enrich/policy/timed.ts';
import { LoopWatch } from '../../../../../src/platform/time/loop-watch.ts';
import { createHttpSource } from '../../../../../src/proxy/enrich/source/http.ts';
import { createClock, failure, patient, query } from './stub-lookup.ts';

function createBreaker(): CircuitBreaker {
  return new CircuitBreaker({ openFor: 90_000, maxHosts: 10, now: createClock().now });
}

function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe('a timeout', () => {
  const times = { timeout: 1000, stormTimeout: 100 };

  it.each(['timeout', 'connect_timeout'] as const)(
    'counts against nobody if our own loop stood still meanwhile: %s',
    async (reason) => {
      const breaker = createBreaker();
      const storm = new MassOutage({ now: createClock().now });
      const source = (): Promise<ReturnType<typeof failure>> => {
        block(250);
        return Promise.resolve(failure(reason));
      };
      const ask = breaker.observing(timed(source, { ...times, storm, loop: new LoopWatch() }));

      for (let count = 0; count < 4; count++)
        expect(await ask(query('n1/disk'), patient)).toMatchObject({ ok: false, reason: 'overloaded' });
      expect(breaker.openCircuits()).toEqual([]);
    },
  );

  it('counts against the host otherwise', async () => {
    const breaker = createBreaker();
    const storm = new MassOutage({ now: createClock().now });
    const source = (): Promise<ReturnType<typeof failure>> => Promise.resolve(failure('timeout'));
    const loop = { now: () => 0, wasLateSince: () => false };
    const ask = breaker.observing(timed(source, { ...times, storm, loop }));

    await ask(query('n1/disk'), patient);
    expect(breaker.openCircuits()).toMatchObject([{ host: 'n1', reason: 'timeout' }]);
  });
});

describe('an answer that takes long to read', () => {
  it('is of no use, and its host is left alone', async () => {
    const breaker = createBreaker();
    const source = createHttpSource({
      client: {
        request: () => Promise.resolve({ ok: true, status: 200, headers: {}, body: Buffer.from('{}') }),
        close: () => undefined,
      },
      extract: () => {
        block(150);
        return 'nothing';
      },
      now: () => 0,
    });
    const ask = breaker.observing((asked) => source(asked, 1000));

    expect(await ask(query('n1/disk'), patient)).toMatchObject({ reason: 'bad_response', isCostly: true });
    expect(breaker.openCircuits()).toMatchObject([{ host: 'n1', reason: 'bad_response' }]);
  });
});
