import { beforeEach, describe, expect, it } from '@jest/globals';
import { AnnotationSet } from '../../../../src/proxy/alert/splice.ts';
import type { LookupResult } from '../../../../src/proxy/enrich/lookup.ts';
import { SourceActivity } from '../../../../src/proxy/activity/source-activity.ts';

const MINUTE = 60_000;
const failed: LookupResult = { ok: false, reason: 'timeout' };
const fetched: LookupResult = {
  ok: true,
  cached: false,
  output: {
    fetchedAt: 0,
    annotations: {
      firing: new AnnotationSet({}),
      resolved: new AnnotationSet({}),
    },
    hasResult: true,
  },
};

describe('SourceActivity', () => {
  let now: number;
  let activity: SourceActivity;

  beforeEach(() => {
    now = 1_000 * MINUTE;
    activity = new SourceActivity({ now: () => now });
  });

  it('counts fetches by how they ended, and alerts by what they carry and why', () => {
    activity.fetched('a:1', fetched, 10);
    activity.fetched('a:1', failed, 10);
    now += MINUTE;
    activity.fetched('a:1', failed, 10);
    activity.enriched(new Map([['failed', 3]]), new Map([['timeout', 3]]));
    activity.enriched(new Map([['failed', 4]]), new Map([['timeout', 4]]));

    const { fetches, results, reasons } = activity.summary();

    expect(Object.fromEntries(fetches)).toEqual({ ok: 1, timeout: 2 });
    expect(Object.fromEntries(results)).toEqual({ failed: 7 });
    expect(Object.fromEntries(reasons)).toEqual({ timeout: 7 });
  });

  it('forgets them after five minutes', () => {
    activity.fetched('a:1', fetched, 10);
    now += 4.5 * MINUTE;
    expect(activity.summary().fetches.get('ok')).toBe(1);

    now += MINUTE;
    expect(activity.summary().fetches.size).toBe(0);
  });

  it('tells the typical latency of the latest 256 fetches', () => {
    expect(activity.summary().latency).toBeUndefined();

    for (let count = 0; count < 300; count += 1) activity.fetched('a:1', fetched, 5_000);
    for (let milliseconds = 1; milliseconds <= 256; milliseconds += 1)
      activity.fetched('a:1', fetched, milliseconds);

    expect(activity.summary().latency).toEqual({ median: 128, p95: 244 });
  });

  it('lists the nodes that fail, the worst first, with all their fetches since then', () => {
    activity.fetched('good:1', fetched, 1);
    activity.fetched('flaky:1', fetched, 1);
    for (const result of [failed, fetched, fetched]) activity.fetched('flaky:1', result, 1);
    for (const result of [failed, failed]) activity.fetched('bad:1', result, 1);

    expect(activity.summary().failingNodes).toEqual([
      { host: 'bad:1', failures: 2, fetches: 2, lastReason: 'timeout', lastFailedAt: now },
      { host: 'flaky:1', failures: 1, fetches: 3, lastReason: 'timeout', lastFailedAt: now },
    ]);
  });

  it('forgets a node an hour after its last failure', () => {
    activity.fetched('a:1', failed, 1);
    now += 60 * MINUTE;
    expect(activity.summary().failingNodes).toEqual([]);

    activity.fetched('a:1', failed, 1);
    expect(activity.summary().failingNodes[0]?.failures).toBe(1);
  });

  it('keeps the thousand nodes that failed last', () => {
    for (let node = 0; node < 5_000; node += 1) activity.fetched(`n${node}:1`, failed, 1);

    const hosts = activity.summary().failingNodes.map(({ host }) => host);

    expect(hosts).toHaveLength(1_000);
    expect(hosts).toContain('n4999:1');
  });
});
