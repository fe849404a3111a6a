import { describe, expect, it } from '@jest/globals';
import { identityOfAlert } from '../../../../src/proxy/alert/identity.ts';
import { parseBatch } from '../../../../src/proxy/alert/parse.ts';
import { identityIn } from '../../../../src/proxy/alertmanager/delivery.ts';

const MANY = Array.from({ length: 2_000 }, (_, index) => `"l${index}":"v"`).join(',');
const LONG = `"annotations":{"a":"${'x'.repeat(300_000)}"}`;

describe('identityIn', () => {
  it.each([
    ['labels', '{"labels":{"a":"b","c":"d"}}', '{"annotations":{"x":"y"},"labels":{"c":"d","a":"b"}}'],
    ['labels beside long annotations', `{${LONG},"labels":{"a":"b"}}`, '{"labels":{"a":"b"}}'],
    ['too many labels', `{"labels":{${MANY}}}`, `{"startsAt":null,"labels":{${MANY}}}`],
    ['too many labels in another spelling', `{"Labels":{${MANY}}}`, `{"labels":{${MANY}},${LONG}}`],
  ])('is the same short text for two states with %s', (_, one, other) => {
    const [first = '', second, third] = identitiesIn(`[${one},${other},{"labels":{"another":"alert"}}]`);

    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(first.length).toBeLessThan(100);
  });

  it('is the one that the alert had when they came', () => {
    const body = `[{"labels":{"a":"b"}},{"labels":{"a":"b"},${LONG}},{"labels":{${MANY}}}]`;

    expect(identitiesIn(body)).toEqual(parseBatch(Buffer.from(body)).alerts.map(identityOfAlert));
  });
});

function identitiesIn(text: string): readonly string[] {
  const body = Buffer.from(text);
  const alerts = parseBatch(body).alerts.map(({ span }) => ({
    span,
    received: span,
    expiresAt: 0,
    isDoubtful: false,
  }));
  const delivery = { body, received: body, alerts, sender: '' };
  return alerts.map((alert) => identityIn(delivery, alert));
}
