import { Counter, type Registry } from 'prom-client';
import { REFUSAL_REASONS, type RefusalReason } from '../../platform/web/refusal.ts';
import { named } from './metric.ts';

/** Told who is turned away. */
export interface RefusalMetrics {
  readonly requestRefused: (reason: RefusalReason) => void;
}

/** Registers them; each reason begins at zero. */
export function createRefusalMetrics(registry: Registry): RefusalMetrics {
  const refused = new Counter({
    ...named(
      registry,
      'refused_requests_total',
      'Requests turned away before they were read: passwords, TLS, rate limit.',
    ),
    labelNames: ['reason'],
  });
  for (const reason of REFUSAL_REASONS) refused.inc({ reason }, 0);
  return {
    requestRefused: (reason) => {
      refused.inc({ reason });
    },
  };
}
