import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../../src/proxy/alert/alert.ts';
import { parseMatcher } from '../../../../src/alertmanager-api/matcher.ts';
import { Deadline } from '../../../../src/proxy/enrich/deadline.ts';
import { planAnnotations, Enricher, type Enrichment } from '../../../../src/proxy/enrich/enricher.ts';
import type { Query } from '../../../../src/proxy/enrich/lookup.ts';
import type { SourceRule } from '../../../../src/proxy/enrich/rule.ts';
import { alertOf, fresh, NOW, outputOf, ruleOf } from './alerts-and-rules.ts';

const DISK = alertOf({ check: 'check_disk', instance: 'Web-01:9470' });
const RESOLVED = { ...DISK, endsAt: NOW };

describe('Enricher', () => {
  it('asks for each alert, and keeps their order whichever answer comes first', async () => {
    const rule = ruleOf({
      lookup: async ({ url }) => {
        if (url.endsWith('slow')) await new Promise((resolve) => setTimeout(resolve, 20));
        return fresh(url);
      },
    });
    const alerts = ['slow', 'fast', 'slow'].map((check) => alertOf({ check, instance: 'web-01' }));

    const texts = (await enrich([rule], alerts)).map((enrichment) => textOf(enrichment));

    expect(texts).toEqual(['slow', 'fast', 'slow'].map((check) => `http://web-01/checks/${check}`));
  });

  it('asks with the URL, the host in small letters, and when the state began', async () => {
    const queries: Query[] = [];
    const rule = ruleOf({
      lookup: (query) => {
        queries.push(query);
        return fresh('x');
      },
    });

    await enrich([rule], [DISK, RESOLVED]);

    const asked = {
      key: 'node-agent http://Web-01:9470/checks/check_disk',
      url: 'http://Web-01:9470/checks/check_disk',
      host: 'web-01:9470',
    };
    expect(queries).toEqual([
      { ...asked, alert: DISK, status: 'firing', changedAt: NOW - 60_000 },
      { ...asked, alert: RESOLVED, status: 'resolved', changedAt: NOW },
    ]);
  });

  it('lets the first source that matches answer', async () => {
    const rules = [
      ruleOf({ source: 'network', matchers: [parseMatcher('check=~"net_.*"')] }),
      ruleOf({ source: 'first' }),
      ruleOf({ source: 'second' }),
    ];

    expect(await enrich(rules, [DISK])).toMatchObject([{ kind: 'asked', rule: { source: 'first' } }]);
  });

  it('leaves an alert alone that no source matches', async () => {
    const [enrichment] = await enrich([ruleOf()], [alertOf({ job: 'node' })]);

    expect(enrichment).toEqual({ kind: 'unmatched' });
    expect(annotatingOf(enrichment)).toBeUndefined();
  });

  it('says so if the labels make no URL', async () => {
    const enrichments = await enrich([ruleOf()], [alertOf({ check: 'check_disk' })]);

    expect(textOf(enrichments[0])).toBe(
      "could not fetch check output: the alert's labels do not make a URL (the alert has no label 'instance')",
    );
  });

  it('answers when the deadline is over, with the last known output for what is still under way', async () => {
    const rule = ruleOf({
      lookup: ({ key }) => (key.endsWith('hangs') ? new Promise(() => undefined) : fresh('DISK OK')),
      lastKnown: () => outputOf('before', NOW - 5_000),
    });
    const alerts = [DISK, alertOf({ check: 'hangs', instance: 'web-01' })];
    const startedAt = performance.now();

    const [answered, hanging] = await enrich([rule], alerts, new Deadline(50));

    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(textOf(answered)).toBe('DISK OK');
    expect(textOf(hanging)).toBe(
      'could not fetch check output: web-01 did not answer before the alert had to leave\nlast known output, 5s old:\nbefore',
    );
  });

  it('changes nothing in what it has answered when the rest comes in late, but hands that over', async () => {
    let answer: (result: ReturnType<typeof fresh>) => void = () => undefined;
    const rule = ruleOf({ lookup: () => new Promise((resolve) => (answer = resolve)) });

    const [enrichment] = await enrich([rule], [DISK], new Deadline(10));
    answer(fresh('late'));
    const late = enrichment?.kind === 'asked' ? await enrichment.late : undefined;

    expect(textOf(enrichment)).toContain('did not answer before the alert had to leave');
    expect(late && textOf(late)).toBe('late');
  });

  it('does not wait for its deadline when all answers are there', async () => {
    const deadline = new Deadline(3_600_000);

    await enrich([ruleOf()], [DISK], deadline);

    expect(deadline.exhausted).toBe(true);
  });

  describe('of an alert that has resolved', () => {
    const lookup = (): never => {
      throw new Error('asked');
    };

    it('asks nobody where it is told to skip', async () => {
      const [enrichment] = await enrich([ruleOf({ resolved: 'skip', lookup })], [RESOLVED]);

      expect(enrichment).toMatchObject({ kind: 'skipped' });
      expect(annotatingOf(enrichment)).toBeUndefined();
    });

    it('takes what is cached where it is told to, or leaves it alone', async () => {
      const cached = ruleOf({ resolved: 'cached', lookup, lastKnown: () => outputOf('before') });
      const nothing = ruleOf({ resolved: 'cached', lookup });

      expect(textOf((await enrich([cached], [RESOLVED]))[0])).toBe('before');
      expect((await enrich([nothing], [RESOLVED]))[0]).toMatchObject({ kind: 'skipped' });
    });

    it('says how old the cached output is, if the alert changed after that', async () => {
      const cached = ruleOf({
        resolved: 'cached',
        lookup,
        lastKnown: () => outputOf('CRITICAL', NOW - 240_000),
      });

      expect(textOf((await enrich([cached], [RESOLVED]))[0])).toBe('last known output, 4m old:\nCRITICAL');
    });

    it.each(['skip', 'cached'] as const)(
      'asks while it fires, also where it is told %s',
      async (resolved) => {
        expect(textOf((await enrich([ruleOf({ resolved })], [DISK]))[0])).toBe('DISK OK');
      },
    );
  });

  it('asks nobody for a batch that it declines, and says why', () => {
    const rule = ruleOf({
      lookup: () => {
        throw new Error('asked');
      },
    });
    const enricher = new Enricher({ rules: [rule], now: () => NOW });

    const [matched, other] = enricher.decline([DISK, alertOf({ job: 'node' })], NOW, 'overloaded');

    expect(textOf(matched)).toBe('could not fetch check output: the proxy is overloaded');
    expect(other).toEqual({ kind: 'unmatched' });
  });

  it('asks nobody about an alert that is oversized, nor says that it could not', async () => {
    const rule = ruleOf({ matchers: [] });
    const oversized = alertOf({ check: 'check_disk' }, { isOversized: true });
    const declined = new Enricher({ rules: [rule], now: () => NOW }).decline([oversized], NOW, 'overloaded');

    expect(await enrich([rule], [oversized])).toEqual([{ kind: 'unmatched' }]);
    expect(declined).toEqual([{ kind: 'unmatched' }]);
  });
});

describe('annotatingFor', () => {
  it.each([true, false])('tells whether to overwrite: %s', async (overwrite) => {
    const [enrichment] = await enrich([ruleOf({ overwrite })], [DISK]);

    expect(annotatingOf(enrichment)?.overwrite).toBe(overwrite);
  });
});

function enrich(
  rules: readonly SourceRule[],
  alerts: readonly Alert[],
  deadline = new Deadline(10_000),
): Promise<readonly Enrichment[]> {
  return new Enricher({ rules, now: () => NOW }).enrich(alerts, { receivedAt: NOW, deadline });
}

function annotatingOf(enrichment: Enrichment | undefined): ReturnType<typeof planAnnotations> {
  return planAnnotations(DISK, enrichment, NOW);
}

function textOf(enrichment: Enrichment | undefined): string | undefined {
  return annotatingOf(enrichment)?.annotations.entries['check_output'];
}
