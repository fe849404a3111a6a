import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../../src/proxy/enrich/deadline.ts';
import { Enricher } from '../../../../src/proxy/enrich/enricher.ts';
import { alertOf, fresh, NOW, ruleOf } from './alerts-and-rules.ts';

const alerts = Array.from({ length: 30_000 }, (_, index) =>
  alertOf({ instance: 'n1:9470', check: `check_${index}` }),
);

describe('a batch of 30,000 alerts', () => {
  it('lets 20,000 wait for an answer, and the others leave as overloaded', async () => {
    let asked = 0;
    const lookup = (): Promise<never> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const enricher = new Enricher({ rules: [ruleOf({ lookup })], now: () => NOW });

    const enrichments = await enricher.enrich(alerts, { receivedAt: NOW, deadline: new Deadline(100) });

    const reasons = enrichments.map((one) =>
      one.kind === 'asked' && !one.result.ok ? one.result.reason : '',
    );
    expect(reasons.filter((reason) => reason === 'overloaded')).toHaveLength(10_000);
    expect(reasons.filter((reason) => reason === 'deadline')).toHaveLength(20_000);
    expect(asked).toBe(20_000);
  });

  it('lets others have their turn in between, and frees the places again', async () => {
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const enricher = new Enricher({
      rules: [ruleOf({ lookup: () => Promise.resolve(fresh('DISK OK')) })],
      now: () => NOW,
    });

    for (let round = 0; round < 2; round++) {
      const enrichments = await enricher.enrich(alerts, { receivedAt: NOW, deadline: new Deadline(30_000) });
      expect(enrichments.every((one) => one.kind === 'asked' && one.result.ok)).toBe(true);
    }

    clearInterval(counting);
    expect(turns).toBeGreaterThan(10);
  });
});
