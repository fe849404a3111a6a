import { describeConfig as describeWith } from '../../platform/config/describe-config.ts';
import { configSchema, type Config } from './schema.ts';

/** The effective configuration as YAML: every default spelled out, every secret as `<secret>`. */
export function describeConfig(config: Config): string {
  return describeWith(configSchema, config);
}
