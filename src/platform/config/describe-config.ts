import { stringify } from 'yaml';
import { z } from 'zod';

/** A configuration as YAML: every default spelled out, every secret as `<secret>`. */
export function describeConfig<Schema extends z.ZodType>(schema: Schema, config: z.output<Schema>): string {
  return stringify(z.encode(schema, config), { lineWidth: 0, aliasDuplicateObjects: false });
}
