import { Gauge, type Registry } from 'prom-client';
import type { Decoder } from '../platform/text/charset.ts';
import { intervalOf, nextExecutionOf, ttlOf, type KnownCheck } from './known-checks.ts';
import { parsePerfdata } from './perfdata.ts';

interface CheckGauge {
  readonly name: string;
  readonly help: string;
  /** Undefined: no sample, because a zero would be a lie. */
  readonly value: (check: KnownCheck) => number | undefined;
  /** A label that some checks have beside those of all. */
  readonly labelName?: string;
  readonly labels?: (check: KnownCheck) => Readonly<Partial<Record<string, string>>>;
}

const GAUGES: readonly CheckGauge[] = [
  {
    name: 'check_status',
    help: 'Status of the last check result (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN).',
    value: ({ state }) => state && toSeverity(state.result.status),
  },
  {
    name: 'check_exit_code',
    help: 'Exit status of the last run as it was, or the number of the signal that ended it.',
    value: ({ state }) => state?.result.status,
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
  {
    name: 'check_last_subdued_timestamp_seconds',
    help: 'When a run was last left out because the check is subdued.',
    value: ({ lastSubdued }) => lastSubdued,
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
    labels: ttlStatusOf,
  },
  {
    name: 'check_info',
    help: 'Always 1, for each check that has run or is defined.',
    value: () => 1,
    labelName: 'handle',
    labels: (check) => (isHandled(check) ? {} : { handle: 'false' }),
  },
];

/** Writes the samples of all checks into a registry, anew each time: what is gone leaves no series. */
export type UpdateCheckMetrics = (checks: readonly KnownCheck[]) => void;

interface CheckMetricsOptions {
  readonly registry: Registry;
  /** Reads the outputs for their performance data; without, there are no samples of it. */
  readonly perfdata: Decoder | undefined;
}

export function createCheckMetrics({ registry, perfdata }: CheckMetricsOptions): UpdateCheckMetrics {
  const gauges = GAUGES.map(({ name, help, value, labelName, labels }) => ({
    gauge: new Gauge({
      name,
      help,
      labelNames: ['check', 'source', ...(labelName === undefined ? [] : [labelName])],
      registers: [registry],
    }),
    value,
    labels,
  }));
  const updatePerfdata = perfdata && createPerfdataMetric(registry, perfdata);

  return function update(checks) {
    for (const { gauge, value, labels } of gauges) {
      gauge.reset();
      for (const check of checks) {
        const sample = value(check);
        if (sample !== undefined) gauge.set({ ...labelsOf(check), ...labels?.(check) }, sample);
      }
    }
    updatePerfdata?.(checks);
  };
}

function createPerfdataMetric(registry: Registry, decode: Decoder): UpdateCheckMetrics {
  const gauge = new Gauge({
    name: 'check_perfdata',
    help: 'Performance data that the last run printed, in the unit in which it printed it.',
    labelNames: ['check', 'source', 'label', 'unit'],
    registers: [registry],
  });
  return function update(checks) {
    gauge.reset();
    for (const check of checks) {
      if (check.state === undefined) continue;
      for (const { label, unit, value } of parsePerfdata(decode(check.state.result.output.head).text)) {
        gauge.set({ ...labelsOf(check), label, unit }, value);
      }
    }
  };
}

/** The labels of a check's series: those of the node's own checks have no source. */
export function labelsOf({ name, source }: Pick<KnownCheck, 'name' | 'source'>): {
  check: string;
  source?: string;
} {
  return source === undefined ? { check: name } : { check: name, source };
}

// Sensu notifies nobody of a check with `handle: false`. sensu-client writes that into the result of a command that it could
// not run, too (a token without a value, or safe mode): there is no duration, and somebody should hear of it.
function isHandled({ definition, state }: KnownCheck): boolean {
  const { handle, command, duration } = state?.result.attributes ?? {};
  const didRun = command === undefined || duration !== undefined;
  return (definition['handle'] ?? (didRun ? handle : undefined)) !== false;
}

// What Sensu calls a check whose ttl has passed; without, it is a WARNING. A label, as it is part of the same setting.
function ttlStatusOf({ definition, state }: KnownCheck): { ttl_status?: string } {
  const status = definition['ttl_status'] ?? state?.result.attributes['ttl_status'];
  return Number.isInteger(status) ? { ttl_status: String(status) } : {};
}

function toSeverity(status: number): number {
  return status >= 0 && status <= 2 ? status : 3;
}

function toFinite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
