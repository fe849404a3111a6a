/** A recording or alerting rule of Prometheus. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly keep_firing_for?: string | undefined;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const SILENT_ANNOTATIONS = {
  summary: '{{ $labels.client }}/{{ $labels.check }} is silent',
  check_output: 'Last check execution was {{ $value | printf "%.0f" }} seconds ago',
};

const NEVER_RAN_ANNOTATIONS = {
  summary: 'no result of {{ $labels.client }}/{{ $labels.check }} is known',
  check_output: 'The agent knows no result of this check',
  check_status_text: 'WARNING',
  runbook_url: 'docs/operations.md#checkneverran',
};

/** What alerts read, as config/rules/checks.yml has and explains it. */
export const PROBLEM_RECORDS: readonly Rule[] = [
  {
    record: 'check:problem',
    expr: [
      'check_problem',
      'or (check:problem and on (job, instance) up == 0)',
      'or (check:problem and on (job, instance, check, source) check_unknown)',
    ].join('\n'),
  },
  {
    record: 'check:problem_timestamp_seconds',
    expr: 'check_problem_timestamp_seconds or (check:problem_timestamp_seconds and check:problem)',
  },
  {
    record: 'check:problem_occurrences',
    expr: 'check_problem_occurrences or (check:problem_occurrences and check:problem)',
  },
];

/** The alerts on checks that do not run, as config/rules/checks.yml has them. */
export const SILENCE_ALERTS: readonly Rule[] = [
  {
    alert: 'CheckSilent',
    expr: 'time() - check:problem_timestamp_seconds{problem="silent"}',
    labels: { problem: '' },
    annotations: {
      ...SILENT_ANNOTATIONS,
      check_status_text: 'WARNING',
      runbook_url: 'docs/operations.md#checksilent',
    },
  },
  {
    alert: 'CheckTtlPassed',
    expr: 'time() - check:problem_timestamp_seconds{problem="ttl"}',
    labels: { problem: '' },
    annotations: {
      ...SILENT_ANNOTATIONS,
      check_status_text: '{{ $labels.severity | toUpper }}',
      runbook_url: 'docs/operations.md#checkttlpassed',
    },
  },
  {
    alert: 'CheckNeverRan',
    expr: 'check:problem{problem="never_ran", rare=""}',
    labels: { problem: '' },
    annotations: NEVER_RAN_ANNOTATIONS,
  },
  {
    alert: 'CheckNeverRanInADay',
    expr: 'check:problem{problem="never_ran", rare="true"}',
    labels: { problem: '', rare: '' },
    annotations: NEVER_RAN_ANNOTATIONS,
  },
];
