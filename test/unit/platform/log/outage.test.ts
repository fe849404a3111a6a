import { beforeEach, describe, expect, it } from '@jest/globals';
import { Outage } from '../../../../src/platform/log/outage.ts';

describe('an outage', () => {
  let told: string[];
  let outage: Outage<string>;

  beforeEach(() => {
    told = [];
    outage = new Outage<string>({
      onBegin: (reason) => told.push(`begins: ${reason}`),
      onEnd: (failures) => told.push(`ends after ${failures}`),
    });
  });

  it('is told once when it begins and once when it ends, with the number of failures', () => {
    outage.failed('refused');
    outage.failed('timeout');
    outage.failed('timeout');
    outage.succeeded();
    outage.succeeded();

    expect(told).toEqual(['begins: refused', 'ends after 3']);
  });

  it('is told again when it comes again', () => {
    outage.failed('refused');
    outage.succeeded();
    outage.failed('timeout');

    expect(told).toEqual(['begins: refused', 'ends after 1', 'begins: timeout']);
  });

  it('is not told where nothing fails', () => {
    outage.succeeded();

    expect(told).toEqual([]);
  });
});
