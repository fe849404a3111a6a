import { describe, expect, it } from '@jest/globals';
import { formatIssued } from '../../../src/checks/api/issued-text.ts';

describe('formatIssued', () => {
  it.each([
    ['in Tokyo', 1_700_000_000, 540, '2023-11-15 07:13:20 +0900'],
    ["in St. John's", 1_700_000_000, -210, '2023-11-14 18:43:20 -0330'],
    ['in Greenwich', 1_700_000_000, 0, '2023-11-14 22:13:20 +0000'],
    ['beyond all calendars', 1e15, 0, null],
  ])('prints a time %s as Ruby does', (_, seconds, offset, expected) => {
    expect(formatIssued(seconds, offset)).toBe(expected);
  });

  it('takes the local time zone', () => {
    const local = new Date(2026, 6, 1, 12, 34, 56);

    expect(formatIssued(local.getTime() / 1000)).toMatch(/^2026-07-01 12:34:56 [+-]\d{4}$/);
  });
});
