import { formatDuration } from '../platform/time/duration.ts';
import type { Check } from './definitions.ts';
import { PROBLEM_RECORDS, SILENCE_ALERTS, type Rule } from './problem-rules.ts';
import { regexOf } from '../alertmanager-api/write-matcher.ts';

/** A Prometheus rule file. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

const FAILED_ANNOTATIONS = {
  summary: '{{ $labels.client }}/{{ $labels.check }}',
  check_status: '{{ $value }}',
  runbook_url: 'docs/operations.md#checkfailed',
};

/** The rules that alert on failing checks where Sensu did, after their occurrences, and on silent ones. */
export function toRules(checks: ReadonlyMap<string, Check>): RuleFile {
  return {
    groups: [
      {
        name: 'check-status',
        rules: [
          ...PROBLEM_RECORDS,
          ...[...checks].map(([name, check]) => failedRule(name, check)),
          unknownCheckRule([...checks.keys()]),
          ...SILENCE_ALERTS,
        ],
      },
    ],
  };
}

function failedRule(name: string, check: Check): Rule {
  const { occurrences } = check;
  const failed = failedSelector(`check="${name}"`);
  return {
    alert: 'CheckFailed',
    expr:
      occurrences === 1
        ? failed
        : `${failed}\n  and on (job, instance, check, source) check:problem_occurrences >= ${occurrences}`,
    // A change of severity starts the count again: the first alert stays until the second fires, with no RESOLVED in between.
    keep_firing_for: keepFiringFor(check),
    labels: { check: name, problem: '' },
    annotations: FAILED_ANNOTATIONS,
  };
}

// Results that programs push may be of checks that no file defines.
function unknownCheckRule(names: readonly string[]): Rule {
  const expr = failedSelector(...(names.length === 0 ? [] : [`check!~${regexOf(names)}`]));
  return { alert: 'CheckFailed', expr, labels: { problem: '' }, annotations: FAILED_ANNOTATIONS };
}

function failedSelector(...matchers: readonly string[]): string {
  return `check:problem{${[...matchers, 'problem="failed"'].join(', ')}}`;
}

// How long another severity takes to reach its occurrences: each after the first takes an interval.
function keepFiringFor({ interval, cron, occurrences }: Check): string | undefined {
  if (cron !== undefined || occurrences === 1) return undefined;
  // The default of Sensu's occurrences filter.
  return formatDuration((interval ?? 60) * (occurrences - 1) * 1000);
}
