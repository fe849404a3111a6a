import { Counter, Histogram, type Registry } from 'prom-client';
import type { SendObserver } from '../alertmanager/send-observer.ts';
import { REQUEST_SECONDS, named } from './metric.ts';

/** Counters of alerts on their way to an Alertmanager, which is named by its URL. */
export interface SendMetrics {
  /** Creates the series of an Alertmanager at zero. */
  readonly sendObserver: (alertmanager: string) => Partial<SendObserver>;
  readonly removeAlertmanager: (alertmanager: string) => void;
}

/** Registers the counters of delivery. An Alertmanager has series once it is observed. */
export function createSendMetrics(registry: Registry): SendMetrics {
  const labelNames = ['alertmanager'] as const;
  const sent = new Counter({
    ...named(registry, 'alertmanager_sent_total', 'Alerts that the Alertmanager accepted.'),
    labelNames,
  });
  const errors = new Counter({
    ...named(
      registry,
      'alertmanager_errors_total',
      'Alerts in attempts that the Alertmanager did not accept.',
    ),
    labelNames,
  });
  const dropped = new Counter({
    ...named(
      registry,
      'alertmanager_dropped_total',
      'Alerts given up: the queue was full, they expired, or the Alertmanager refused them.',
    ),
    labelNames,
  });
  const latency = new Histogram({
    ...named(registry, 'alertmanager_latency_seconds', 'Time of one accepted POST.'),
    labelNames,
    buckets: REQUEST_SECONDS,
  });
  return {
    sendObserver: (alertmanager) => {
      for (const counter of [sent, errors, dropped]) counter.inc({ alertmanager }, 0);
      return {
        attempted: ({ outcome, alerts, milliseconds }) => {
          if (outcome.kind === 'accepted') {
            sent.inc({ alertmanager }, alerts);
            latency.observe({ alertmanager }, milliseconds / 1000);
          } else {
            errors.inc({ alertmanager }, alerts);
          }
        },
        dropped: (alerts) => {
          dropped.inc({ alertmanager }, alerts);
        },
      };
    },
    removeAlertmanager: (alertmanager) => {
      for (const metric of [sent, errors, dropped, latency]) metric.remove({ alertmanager });
    },
  };
}
