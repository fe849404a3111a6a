import { stringify } from 'yaml';
import { z } from 'zod';
import { configSchema, type Config } from './schema.ts';

/** The effective configuration as YAML: every default spelled out, every secret as `<secret>`. */
export function describeConfig(config: Config): string {
  return stringify(z.encode(configSchema, config), { lineWidth: 0, aliasDuplicateObjects: false });
}
