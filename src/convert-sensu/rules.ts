import { formatDuration } from '../platform/time/duration.ts';
import type { Check } from './definitions.ts';
import { regexOf } from '../alertmanager-api/write-matcher.ts';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string | undefined;
  keep_firing_for?: string | undefined;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A Prometheus rule file. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

// A check's severity is a label, so that a change of severity is another alert, which Alertmanager notifies.
const SEVERITY = '{{ if eq $value 1.0 }}warning{{ else if eq $value 2.0 }}critical{{ else }}unknown{{ end }}';

const FAILED_ANNOTATIONS = {
  summary: '{{ $labels.client }}/{{ $labels.check }}',
  check_status: '{{ $value }}',
  runbook_url: 'docs/operations.md#checkfailed',
};

const LAST_EXECUTION_FAILING = [
  '(',
  '  (check_last_execution_timestamp_seconds and on (job, instance, check, source) check_status > 0)',
  '  unless check_last_execution_timestamp_seconds < check:last_execution:failing',
  ')',
  'or (check:last_execution:failing and on (job, instance, check, source) check:status:failing)',
].join('\n');

const FAILING = [
  '(',
  '  check:status:failing',
  '    and on (job, instance, check, source) (',
  '      (check:last_execution:failing > check_last_execution_timestamp_seconds)',
  '        < on (job, instance) group_left () max by (job, instance) (',
  '          process_start_time_seconds < check_agent_time_seconds + 60',
  '        )',
  '    )',
  '    unless on (job, instance, check, source) check_info{handle="false"}',
  ')',
  'or (check_status > 0 unless on (job, instance, check, source) check_info{handle="false"})',
  'or (check:status:failing and on (job, instance) up == 0)',
  'or (',
  '  check:status:failing',
  '    and on (job, instance, check) (',
  '      check_info{handle!="false"} unless on (job, instance, check) check_status',
  '    )',
  ')',
].join('\n');

/** The rules that alert on failing checks where Sensu did: after their occurrences. Silent ones are left to check-health.yml. */
export function toRules(checks: ReadonlyMap<string, Check>): RuleFile {
  return {
    groups: [
      {
        name: 'check-status',
        rules: [
          // Both are explained in config/rules/checks.yml.
          {
            record: 'check:last_execution:failing',
            expr: LAST_EXECUTION_FAILING,
          },
          {
            record: 'check:status:failing',
            expr: FAILING,
          },
          ...[...checks].map(([name, check]) => failedRule(name, check)),
          unknownCheckRule([...checks.keys()]),
        ],
      },
    ],
  };
}

// How long a check fails before Sensu handles it: each occurrence after the first takes an interval.
function delayOf({ interval, cron, occurrences }: Check): number {
  if (cron !== undefined) return 0;
  // The default of Sensu's occurrences filter.
  return (interval ?? 60) * (occurrences - 1);
}

function failedRule(name: string, check: Check): Rule {
  const seconds = delayOf(check);
  const delay = seconds === 0 ? undefined : formatDuration(seconds * 1000);
  return {
    alert: 'CheckFailed',
    expr: `check:status:failing{check="${name}"}`,
    // While one severity takes over from another, the first stays until the second fires: no RESOLVED in between.
    for: delay,
    keep_firing_for: delay,
    labels: { check: name, severity: SEVERITY },
    annotations: FAILED_ANNOTATIONS,
  };
}

// Results that programs push may be of checks that no file defines.
function unknownCheckRule(names: readonly string[]): Rule {
  return {
    alert: 'CheckFailed',
    expr: names.length === 0 ? 'check:status:failing' : `check:status:failing{check!~${regexOf(names)}}`,
    labels: { severity: SEVERITY },
    annotations: FAILED_ANNOTATIONS,
  };
}
