import { z } from 'zod';
import { byteSize, count, duration, timer } from '../../platform/config/scalars.ts';

const cacheSchema = z.strictObject({
  max_entries: count.prefault(100_000).describe('How many outputs are kept.'),
  max_bytes: byteSize.prefault('128MB').describe('How much memory the kept outputs take.'),
  ttl: duration.prefault('30s').describe('Outputs older than this are refreshed behind the answer.'),
  negative_ttl: duration
    .prefault('90s')
    .describe('How long a failed fetch is not tried again; longer than the resend delay of Prometheus.'),
  stale_if_error: duration
    .prefault('1h')
    .describe('How long the last known output stands in for one that cannot be fetched.'),
});

/** Bounds that hold for all sources together. */
export const enrichmentSchema = z.strictObject({
  deadline: timer.prefault('2s').describe('How long one batch may wait for its outputs.'),
  max_concurrency: count.prefault(256).describe('Fetches under way in the whole process.'),
  max_concurrency_per_host: count.prefault(4).describe('Fetches under way to one host.'),
  late_window: duration
    .prefault('0s')
    .describe(
      'How long after the deadline an output is still sent on, in a second post of its alert; 0s: off.',
    ),
  max_concurrent_batches: count
    .prefault(16)
    .describe('Batches that are enriched at the same time; more are forwarded as they came.'),
  max_pending_batches: count
    .prefault(64)
    .describe('Batches held at the same time; more wait in line, and are answered with 503 after 8 s.'),
  cache: cacheSchema.prefault({}).describe('Outputs kept in memory.'),
});
