import { z } from 'zod';
import { alertmanagerSchema } from './alertmanager-schema.ts';
import { enrichmentSchema } from './enrichment-schema.ts';
import { byteSize } from '../../platform/config/scalars.ts';
import { sourceSchema } from './source-schema.ts';
import { tracingSchema } from './tracing-schema.ts';

const serverSchema = z.strictObject({
  max_body: byteSize.prefault('32MB').describe('Longer batches are refused with 413.'),
});

// Runs even where a source has other mistakes, so that one look at the file shows all of them.
const uniqueNames = z.superRefine<readonly unknown[]>(
  (sources, context) => {
    const names = sources.map(nameOf);
    names.forEach((name, index) => {
      if (name === undefined || names.indexOf(name) === index) return;
      context.addIssue({
        code: 'custom',
        path: [index, 'name'],
        message: 'is the name of an earlier source; names must differ',
      });
    });
  },
  { when: ({ value }) => Array.isArray(value) },
);

/** The configuration file of `serve`. */
export const configSchema = z.strictObject(
  {
    alertmanagers: z.array(alertmanagerSchema).min(1).describe('Alertmanagers: each gets every alert.'),
    server: serverSchema.prefault({}).describe('The listener that Prometheus posts to.'),
    enrichment: enrichmentSchema.prefault({}).describe('Bounds that hold for all sources together.'),
    sources: z
      .array(sourceSchema)
      .check(uniqueNames)
      .prefault([])
      .describe('Where details are fetched: the first source that matches an alert enriches it.'),
    tracing: tracingSchema.optional().describe('Where traces are sent to. Without it, nothing is traced.'),
  },
  { error: ({ input }) => (Array.isArray(input) ? LIST_ALONE : undefined) },
);

const LIST_ALONE =
  'must be a block of keys; a list of Alertmanagers, such as the additional ones of the Prometheus operator, stands under alertmanagers';

/** The configuration in the shape of its file: durations in milliseconds, sizes in bytes, secrets hidden. */
export type Config = z.output<typeof configSchema>;

function nameOf(source: unknown): unknown {
  return typeof source === 'object' && source !== null && 'name' in source ? source.name : undefined;
}
