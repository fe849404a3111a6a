import { describe, expect, it } from '@jest/globals';
import { renderExplanation } from '../../../src/explain/render.ts';
import type { Alert } from '../../../src/proxy/alert/alert.ts';
import { parseMatcher } from '../../../src/alertmanager-api/matcher.ts';
import type { MalformedAlert } from '../../../src/proxy/alert/parse.ts';
import { Deadline } from '../../../src/proxy/enrich/deadline.ts';
import { Enricher } from '../../../src/proxy/enrich/enricher.ts';
import { REASONS, type Reason } from '../../../src/proxy/enrich/reason.ts';
import type { SourceRule } from '../../../src/proxy/enrich/rule.ts';
import { alertOf, fresh, NOW, ruleOf } from '../proxy/enrich/alerts-and-rules.ts';

const DISK = { check: 'check_disk', instance: 'web-01:9470' };

describe('renderExplanation', () => {
  it('shows who was asked, what came, and the annotations before and after', async () => {
    const alert = alertOf(DISK, { annotations: { summary: 'check_disk is 2' } });
    const rule = ruleOf({ lookup: () => fresh('DISK CRITICAL\n/var 97 %\n') });

    expect(await explain([alert], [rule])).toBe(
      `alert 1 of 1: CheckFailed{check="check_disk", instance="web-01:9470"}, firing since 1m
  source       node-agent: check=~".+"
  url          http://web-01:9470/checks/check_disk
  result       ok, 0 ms
  annotations
      summary: check_disk is 2
    + check_output: DISK CRITICAL
    +   /var 97 %

1 with output
`,
    );
  });

  it('says why there is no output, and what to do about it', async () => {
    expect(await explain([alertOf(DISK)], [failing('refused')])).toBe(
      `alert 1 of 1: CheckFailed{check="check_disk", instance="web-01:9470"}, firing since 1m
  source       node-agent: check=~".+"
  url          http://web-01:9470/checks/check_disk
  result       refused, 0 ms: could not fetch check output: web-01:9470 refused the connection
  what to do   Nothing listens there: does the agent run, and is it the right port?
  annotations
    + check_output: could not fetch check output: web-01:9470 refused the connection
    + check_fetch_error: refused

1 refused
`,
    );
  });

  it('says of an alert that is oversized that nobody is asked about it', async () => {
    const alert = alertOf(DISK, { isOversized: true });

    expect(await explain([alert], [ruleOf(), ruleOf({ matchers: [] })]))
      .toBe(`alert 1 of 1: CheckFailed{check="check_disk", instance="web-01:9470"}, firing since 1m
  source       not looked for: the alert is too large to be read, and leaves as it came

1 unmatched
`);
  });

  it('says of each source why it does not match', async () => {
    const rules = [
      ruleOf({ matchers: [parseMatcher('check=~"net_.+"'), parseMatcher('team="net"')] }),
      ruleOf({ source: 'rules', matchers: [parseMatcher('severity!=""')] }),
    ];

    expect(await explain([alertOf(DISK)], rules)).toBe(
      `alert 1 of 1: CheckFailed{check="check_disk", instance="web-01:9470"}, firing since 1m
  source       none matches; the alert leaves as it came
               node-agent: check=~"net_.+", but check is "check_disk"
               node-agent: team="net", but the alert has no team
               rules: severity!="", but the alert has no severity

1 unmatched
`,
    );
  });

  it('says that nobody is asked about resolved alerts', async () => {
    const text = await explain([alertOf(DISK, { endsAt: NOW - 5_000 })], [ruleOf({ resolved: 'skip' })]);

    expect(text).toContain(', resolved since 5s\n');
    expect(text).toContain('  result       nothing is asked for resolved alerts (resolved: skip)\n');
  });

  it.each([
    [
      false,
      '      check_output: mine\n    ! check_output: not written, the alert has one already (overwrite: false); if you saved the alert from Alertmanager, the proxy wrote it: Prometheus does not send it\n',
    ],
    [true, '    - check_output: mine\n    + check_output: DISK OK\n'],
  ])('shows an annotation that the alert has already; overwrite: %s', async (overwrite, lines) => {
    const alert = alertOf(DISK, { annotations: { check_output: 'mine' } });

    expect(await explain([alert], [ruleOf({ overwrite })])).toContain(`  annotations\n${lines}`);
  });

  it('says so where a source takes every alert', async () => {
    expect(await explain([alertOf(DISK)], [ruleOf({ matchers: [] })])).toContain(
      'node-agent: takes every alert\n',
    );
  });

  it('names elements that would be left out, and counts what became of all', async () => {
    const alerts = [alertOf(DISK), alertOf({ job: 'node' }), alertOf({ check: 'a' }), alertOf(DISK)];

    const text = await explain(alerts, [ruleOf()], [{ index: 4, sentence: 'labels: required' }]);

    expect(text).toMatch(/^element 5 would be left out: labels: required\n\nalert 1 of 4: /);
    expect(text).toMatch(/\n\n2 with output, 1 unmatched, 1 template, 1 left out\n$/);
  });

  it('says so where there is nothing to explain', async () => {
    expect(await explain([], [ruleOf()])).toBe('the batch is empty\n');
  });

  it.each(REASONS)('has advice for %s', async (reason) => {
    expect(await explain([alertOf(DISK)], [failing(reason)])).toMatch(/\n {2}what to do {3}\S.+[.?]\n/);
  });

  it('lets no alert write to the terminal', async () => {
    const alert = alertOf(
      { ...DISK, note: '\u001b[2J' },
      { annotations: { summary: '\u001b[31m\u009b1mred\t1' } },
    );

    const text = await explain([alert], [ruleOf()]);

    // eslint-disable-next-line no-control-regex -- there must be none.
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain('summary: \\u001b[31m\\u009b1mred\t1');
  });
});

function failing(reason: Reason): SourceRule {
  return ruleOf({ lookup: () => ({ ok: false, reason }) });
}

async function explain(
  alerts: readonly Alert[],
  rules: readonly SourceRule[],
  malformed: readonly MalformedAlert[] = [],
): Promise<string> {
  const enrichments = await new Enricher({ rules, now: () => NOW }).enrich(alerts, {
    receivedAt: NOW,
    deadline: new Deadline(1_000),
  });
  return renderExplanation({ batch: { body: Buffer.alloc(0), alerts, malformed }, rules, enrichments }, NOW);
}
