import { describe, expect, it } from '@jest/globals';
import { changedAt, identityOf, statusAt } from '../../../../src/proxy/alert/alert.ts';

const NOW = Date.UTC(2026, 0, 2);

describe('statusAt', () => {
  it.each([
    ['that does not say when it ends', undefined, 'firing'],
    ['that ends later', NOW + 2_001, 'firing'],
    ['that ended just now by a clock that is a little ahead', NOW + 2_000, 'resolved'],
    ['that ends just now', NOW, 'resolved'],
    ['that has ended', NOW - 1, 'resolved'],
  ])('takes an alert %s for %s', (_, endsAt, status) => {
    expect(statusAt({ endsAt }, NOW)).toBe(status);
  });
});

describe('changedAt', () => {
  it('is when a firing alert began, and when a resolved one ended', () => {
    const alert = { startsAt: NOW - 60_000, endsAt: NOW };

    expect(changedAt(alert, 'firing')).toBe(NOW - 60_000);
    expect(changedAt(alert, 'resolved')).toBe(NOW);
  });

  it('is 1970 where the alert does not say', () => {
    expect(changedAt({ startsAt: undefined, endsAt: undefined }, 'firing')).toBe(0);
  });
});

describe('identityOf', () => {
  it('does not depend on the order of labels, nor on empty ones', () => {
    expect(identityOf({ a: '1', b: '2' })).toBe(identityOf({ b: '2', empty: '', a: '1' }));
  });

  it.each([
    ['a value', { a: '1' }, { a: '2' }],
    ['a name', { a: '1' }, { b: '1' }],
    ['a label more', { a: '1' }, { a: '1', b: '2' }],
    ['a label within a value', { a: '1', b: '2' }, { a: '1\u0001b\u00002' }],
  ])('differs by %s', (_, one, other) => {
    expect(identityOf(one)).not.toBe(identityOf(other));
  });
});
