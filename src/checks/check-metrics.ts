import { Gauge, type Registry } from 'prom-client';
import type { Decoder } from '../platform/text/charset.ts';
import { NODE_LABELS, type CheckLabels } from './check-labels.ts';
import { isHandled } from './judging/handled.ts';
import { ttlStatusOf } from './judging/ttl.ts';
import { intervalOf, nextExecutionOf, ttlOf, type KnownCheck } from './known-checks.ts';
import { parsePerfdata } from './perfdata.ts';

export interface CheckGauge {
  readonly name: string;
  readonly help: string;
  /** Undefined: no sample, because a zero would be a lie. */
  readonly value: (check: KnownCheck) => number | undefined;
  /** A label that some checks have beside those of all. */
  readonly labelName?: string;
  readonly labels?: (check: KnownCheck) => Readonly<Partial<Record<string, string>>>;
}

// What people look at. The rules read the problems, which are few.
export const RESULT_GAUGES: readonly CheckGauge[] = [
  {
    name: 'check_status',
    help: 'Status of the last check result (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN).',
    value: ({ state }) => state && toSeverity(state.result.status),
  },
  {
    name: 'check_duration_seconds',
    help: 'How long the last run took.',
    value: ({ state }) => toFinite(state?.result.attributes['duration']),
  },
  {
    name: 'check_last_execution_timestamp_seconds',
    help: 'When the last run started.',
    value: ({ state }) => state?.result.executed,
  },
];

const EXIT_CODE: CheckGauge = {
  name: 'check_exit_code',
  help: 'Exit status of the last run as it was, or the number of the signal that ended it.',
  value: ({ state }) => state?.result.status,
};

// Where check_status says it all, there is no need for it.
export const ODD_EXIT_CODE: CheckGauge = {
  ...EXIT_CODE,
  value: ({ state }) => (state !== undefined && isOdd(state.result.status) ? state.result.status : undefined),
};

const DEFINITION_GAUGES: readonly CheckGauge[] = [
  EXIT_CODE,
  {
    name: 'check_last_subdued_timestamp_seconds',
    help: 'When a run was last left out because the check is subdued.',
    value: ({ lastSubdued }) => lastSubdued?.seconds,
  },
  {
    name: 'check_interval_seconds',
    help: 'Time between two runs.',
    value: intervalOf,
  },
  {
    name: 'check_next_execution_timestamp_seconds',
    help: 'When the run after the last one is due, for checks that run by cron.',
    value: nextExecutionOf,
  },
  {
    name: 'check_ttl_seconds',
    help: 'Time after which another result is due, for checks that define it.',
    value: ttlOf,
    labelName: 'ttl_status',
    labels: ttlStatusLabelOf,
  },
  {
    name: 'check_info',
    help: 'Always 1, for each check that has run or is defined.',
    value: () => 1,
    labelName: 'handle',
    labels: (check) => (isHandled(check) ? {} : { handle: 'false' }),
  },
];

/** Writes the series of all checks into a registry, from scratch each time: a check that is gone leaves none. */
export type UpdateCheckMetrics = (checks: readonly KnownCheck[]) => void;

interface CheckMetricsOptions {
  readonly registry: Registry;
  /** Reads the outputs for their performance data; without, there are no samples of it. */
  readonly perfdata: Decoder | undefined;
  /** Whether to show what the checks' definitions say, and every exit code: about twice as many series. */
  readonly definitions: boolean;
  readonly labels?: CheckLabels;
}

/** The series that show the last result of each check. */
export function createCheckMetrics({
  registry,
  perfdata,
  definitions,
  labels: identity = NODE_LABELS,
}: CheckMetricsOptions): UpdateCheckMetrics {
  const shown = [...RESULT_GAUGES, ...(definitions ? DEFINITION_GAUGES : [ODD_EXIT_CODE])];
  const gauges = shown.map(({ name, help, value, labelName, labels }) => ({
    gauge: new Gauge({
      name,
      help,
      labelNames: [...identity.names, ...(labelName === undefined ? [] : [labelName])],
      registers: [registry],
    }),
    value,
    labels,
  }));
  const updatePerfdata = perfdata && createPerfdataMetric(registry, { decode: perfdata, identity });

  return function update(checks) {
    for (const { gauge, value, labels } of gauges) {
      gauge.reset();
      for (const check of checks) {
        const sample = value(check);
        if (sample !== undefined) gauge.set({ ...identity.of(check), ...labels?.(check) }, sample);
      }
    }
    updatePerfdata?.(checks);
  };
}

function createPerfdataMetric(
  registry: Registry,
  { decode, identity }: { decode: Decoder; identity: CheckLabels },
): UpdateCheckMetrics {
  const gauge = new Gauge({
    name: 'check_perfdata',
    help: 'Performance data that the last run printed, in the unit in which it printed it.',
    labelNames: [...identity.names, 'label', 'unit'],
    registers: [registry],
  });
  return function update(checks) {
    gauge.reset();
    for (const check of checks) {
      if (check.state === undefined) continue;
      for (const { label, unit, value } of parsePerfdata(decode(check.state.result.output.head).text)) {
        gauge.set({ ...identity.of(check), label, unit }, value);
      }
    }
  };
}

// A label, as it is part of the same setting.
function ttlStatusLabelOf(check: KnownCheck): { ttl_status?: string } {
  const status = ttlStatusOf(check);
  return status === undefined ? {} : { ttl_status: String(status) };
}

function toSeverity(status: number): number {
  return isOdd(status) ? 3 : status;
}

function isOdd(status: number): boolean {
  return status < 0 || status > 3;
}

function toFinite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
