import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Lookup } from '../../../../../src/proxy/enrich/lookup.ts';
import { unlimited } from '../../../../../src/proxy/enrich/demand.ts';
import { CircuitBreaker } from '../../../../../src/proxy/enrich/policy/circuit-breaker.ts';
import {
  createClock,
  createStubLookup,
  failure,
  patient,
  query,
  settle,
  success,
  type StubLookup,
} from './stub-lookup.ts';

const OPEN_FOR = 90_000;

describe('CircuitBreaker', () => {
  const clock = createClock();
  let source: StubLookup;
  let breaker: CircuitBreaker;
  let lookup: Lookup;

  beforeEach(() => {
    source = createStubLookup();
    breaker = new CircuitBreaker({ openFor: OPEN_FOR, maxHosts: 10, now: clock.now });
    lookup = breaker.around(breaker.observing(source.lookup));
  });

  const ask = (check: string) => Promise.resolve(lookup(query(`node/${check}`), patient));
  const openHosts = () => breaker.openCircuits().map(({ host }) => host);
  const hasAnswered = async () => {
    void ask('load');
    await source.answer(success('fine', 0));
  };

  describe('for a host that never answered yet', () => {
    it('asks one question first, and the others once that is answered', async () => {
      void ask('disk');
      void ask('load');
      void ask('swap');
      await settle();
      expect(source.asked).toHaveLength(1);

      await source.answer(success('fine', 0));
      expect(source.asked).toHaveLength(3);
    });

    it('makes the one as urgent as those who wait for what it finds out', () => {
      void lookup(query('node/disk'), unlimited);
      expect(source.asked[0]?.patience.isUrgent).toBe(false);
      void ask('load');

      expect(source.asked[0]?.patience.isUrgent).toBe(true);
    });

    it.each(['connect_timeout', 'timeout', 'refused', 'network', 'dns', 'tls'] as const)(
      'lets all who wait share what the one found: %s',
      async (reason) => {
        const answers = [ask('disk'), ask('load'), ask('swap')];
        await source.answer(failure(reason));

        expect(await Promise.all(answers)).toEqual([failure(reason), failure(reason), failure(reason)]);
        expect(source.asked).toHaveLength(1);
        expect(openHosts()).toEqual(['node']);
      },
    );

    it.each(['not_found', 'http_5xx', 'bad_response', 'too_large'] as const)(
      'takes %s for a sign of life',
      async (reason) => {
        void ask('disk');
        void ask('load');
        await source.answer(failure(reason));

        expect(source.asked).toHaveLength(2);
        expect(openHosts()).toEqual([]);
      },
    );

    it('sends the next one ahead when nothing was found out, and still only one', async () => {
      void ask('disk');
      void ask('load');
      void ask('swap');
      await source.answer(failure('deadline'));
      expect(source.asked).toHaveLength(2);

      await source.answer(failure('refused'));
      expect(source.asked).toHaveLength(2);
    });
  });

  describe('for a host that was found dead', () => {
    beforeEach(async () => {
      void ask('disk');
      await source.answer(failure('connect_timeout'));
    });

    it('asks nobody, and says since when and why', async () => {
      clock.advance(30_000);

      expect(await ask('load')).toEqual({
        ok: false,
        reason: 'circuit_open',
        detail: 'connect_timeout 30s ago',
      });
      expect(source.asked).toHaveLength(1);
    });

    it('asks the other hosts', () => {
      void lookup(query('other/disk'), patient);

      expect(source.asked).toHaveLength(2);
    });

    it('asks one question after its time, and leaves it alone again if that fails', async () => {
      clock.advance(OPEN_FOR);
      expect(openHosts()).toEqual([]);
      void ask('disk');
      void ask('load');
      await source.answer(failure('connect_timeout'));

      expect(source.asked).toHaveLength(2);
      expect(openHosts()).toEqual(['node']);
    });

    it('asks all questions again once one is answered', async () => {
      clock.advance(OPEN_FOR);
      void ask('disk');
      await source.answer(success('back', 0));
      void ask('load');
      void ask('swap');

      expect(source.asked).toHaveLength(4);
    });
  });

  describe('for a host that one question found dead by its timeout', () => {
    beforeEach(async () => {
      void ask('slow');
      void ask('disk');
      await source.answer(failure('timeout'));
      clock.advance(OPEN_FOR);
    });

    it('lets another question go first the next time', async () => {
      expect(await ask('slow')).toEqual({ ok: false, reason: 'circuit_open', detail: 'timeout 90s ago' });
      void ask('disk');
      await source.answer(success('fine', 0));
      void ask('slow');

      expect(source.asked.map(({ query: { key } }) => key)).toEqual(['node/slow', 'node/disk', 'node/slow']);
    });

    it('lets one go first that has not timed out yet, however many are slow', async () => {
      void ask('slow, too');
      void ask('disk');
      await source.answer(failure('timeout'));
      clock.advance(OPEN_FOR);
      for (const check of ['slow', 'slow, too', 'disk']) void ask(check);

      expect(source.asked.at(-1)?.query.key).toBe('node/disk');
      expect(source.asked).toHaveLength(3);
    });

    it('remembers that when nothing was found out', async () => {
      void ask('disk');
      await source.answer(failure('deadline'));

      expect(await ask('slow')).toMatchObject({ reason: 'circuit_open' });
    });

    it('asks the same question again when the others did not come back', () => {
      clock.advance(OPEN_FOR);
      void ask('slow');

      expect(source.asked).toHaveLength(2);
    });
  });

  it('asks the same question again where there is no other', async () => {
    void ask('slow');
    await source.answer(failure('timeout'));
    clock.advance(OPEN_FOR);
    void ask('slow');

    expect(source.asked).toHaveLength(2);
  });

  describe('for a host that has answered before', () => {
    beforeEach(hasAnswered);

    it('forgives two timeouts in a row', async () => {
      for (let i = 0; i < 2; i++) {
        void ask('disk');
        await source.answer(failure('timeout'));
      }
      await hasAnswered();
      for (let i = 0; i < 2; i++) {
        void ask('disk');
        await source.answer(failure('timeout'));
      }

      expect(openHosts()).toEqual([]);
    });

    it('leaves it alone after three, though more were under way', async () => {
      for (let i = 0; i < 4; i++) void ask(`check-${i}`);
      for (let i = 0; i < 4; i++) await source.answer(failure('timeout'));

      expect(openHosts()).toEqual(['node']);
    });

    it('leaves it alone at once when it cannot be reached', async () => {
      void ask('disk');
      await source.answer(failure('refused'));

      expect(openHosts()).toEqual(['node']);
    });

    it('asks nothing more that waits for its turn when it is found dead', async () => {
      void ask('disk');
      const waiting = ask('swap');
      expect(source.asked[2]?.patience.exhausted).toBe(false);
      await source.answer(failure('refused'));
      expect(source.asked[2]?.patience.exhausted).toBe(true);

      await source.answer(failure('deadline'));
      expect(await waiting).toMatchObject({ reason: 'circuit_open' });
    });

    it.each(['deadline', 'overloaded', 'blocked'] as const)('learns nothing from %s', async (reason) => {
      void ask('disk');
      await source.answer(failure(reason));
      void ask('disk');
      void ask('load');

      expect(source.asked).toHaveLength(4);
    });
  });
});
