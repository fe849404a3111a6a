import { Counter, Histogram, type Registry } from 'prom-client';
import { BATCH_SECONDS, named } from './metric.ts';

/** Codes whose series exist from the start, so that the first occurrence shows as an increase. */
const ANSWER_CODES = ['200', '400', '401', '403', '405', '408', '413', '415', '502', '503'];

/** Counters of batches. */
export interface BatchMetrics {
  readonly received: (alerts: number, malformed: number) => void;
  /** @param seconds since the last byte; undefined if the batch was refused unread */
  readonly batchAnswered: (code: number, seconds: number | undefined) => void;
}

/** Registers the counters of batches. */
export function createBatchMetrics(registry: Registry): BatchMetrics {
  const received = new Counter(named(registry, 'alerts_received_total', 'Alerts received and well-formed.'));
  const malformed = new Counter(
    named(registry, 'alerts_malformed_total', 'Alerts left out because Alertmanager would refuse them.'),
  );
  const batches = new Counter({
    ...named(registry, 'batches_total', 'Batches answered, by HTTP status code.'),
    labelNames: ['code'],
  });
  const duration = new Histogram({
    ...named(registry, 'batch_duration_seconds', 'Time from the last byte of a batch to its answer.'),
    buckets: BATCH_SECONDS,
  });
  for (const code of ANSWER_CODES) batches.inc({ code }, 0);
  return {
    received: (alerts, malformedAlerts) => {
      received.inc(alerts);
      malformed.inc(malformedAlerts);
    },
    batchAnswered: (code, seconds) => {
      batches.inc({ code: String(code) });
      if (seconds !== undefined) duration.observe(seconds);
    },
  };
}
