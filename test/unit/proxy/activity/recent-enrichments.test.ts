import { describe, expect, it } from '@jest/globals';
import type { Enriched } from '../../../../src/proxy/enrich/enricher.ts';
import type { LookupResult } from '../../../../src/proxy/enrich/lookup.ts';
import { RecentEnrichments } from '../../../../src/proxy/activity/recent-enrichments.ts';
import { alertOf, fresh, NOW, ruleOf } from '../enrich/alerts-and-rules.ts';

describe('RecentEnrichments', () => {
  it('lists the last ones, newest first, and no more than its size', () => {
    const recent = new RecentEnrichments({ size: 3, now: () => NOW });
    for (const check of ['a', 'b', 'c', 'd', 'e']) recent.add([alertOf({ check })], [asked(fresh('x'))]);

    expect(recent.list().map(({ labels }) => labels['check'])).toEqual(['e', 'd', 'c']);
  });

  it('tells what was asked and what came', () => {
    const recent = new RecentEnrichments({ size: 3, now: () => NOW });
    recent.add([alertOf({ check: 'a' })], [asked({ ok: false, reason: 'timeout' })]);

    expect(recent.list()).toEqual([
      {
        at: NOW,
        alertname: 'CheckFailed',
        labels: { alertname: 'CheckFailed', check: 'a' },
        status: 'firing',
        source: 'node-agent',
        url: 'http://web-01:9470/checks/a',
        host: 'web-01:9470',
        cache: 'failed',
        milliseconds: 12,
        reason: 'timeout',
      },
    ]);
  });

  it('keeps of a large alert the labels that there is room for, and does not read it again', () => {
    const recent = new RecentEnrichments({ size: 3, now: () => NOW });
    const { span } = alertOf({});
    let looks = 0;
    const large = {
      ...alertOf({}, { span: { ...span, end: 20_000 } }),
      get labels() {
        looks += 1;
        return { alertname: 'A'.repeat(2_000), check: 'a', long: 'x'.repeat(3_000), team: 'b' };
      },
    };
    recent.add([large], [asked(fresh('x'))]);
    const looksBefore = looks;

    expect(recent.list()).toMatchObject([{ alertname: `${'A'.repeat(100)}…`, cache: 'fresh', output: 'x' }]);
    expect(recent.list()[0]?.labels).toEqual({ alertname: 'A'.repeat(2_000), check: 'a', team: 'b' });
    expect(looks).toBe(looksBefore);
  });

  it('leaves out alerts that nobody was asked about', () => {
    const recent = new RecentEnrichments({ size: 3, now: () => NOW });
    recent.add([alertOf({}), alertOf({})], [{ kind: 'unmatched' }, { kind: 'skipped', rule: ruleOf() }]);

    expect(recent.list()).toEqual([]);
  });
});

function asked(result: LookupResult): Enriched {
  const query = {
    key: 'node-agent http://web-01:9470/checks/a',
    url: 'http://web-01:9470/checks/a',
    host: 'web-01:9470',
    alert: { labels: {} },
    status: 'firing',
    changedAt: 0,
  } as const;
  return { kind: 'asked', rule: ruleOf(), status: 'firing', query, result, milliseconds: 12 };
}
