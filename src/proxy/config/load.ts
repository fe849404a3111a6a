import { loadConfigFile, type LoadedFile } from '../../platform/config/load-file.ts';
import { expandPresets } from './expand-presets.ts';
import { hintsFor } from './hints.ts';
import { configSchema, type Config } from './schema.ts';
import { unsupportedKey } from './unsupported-keys.ts';

/**
 * Reads and checks the configuration of `serve`.
 * Throws a ConfigError with everything that is wrong, in the order of the file.
 */
export function loadConfig(file: string): Promise<LoadedFile<Config>> {
  return loadConfigFile(file, {
    schema: configSchema,
    explainKey: unsupportedKey,
    expand: expandPresets,
    hintsFor,
  });
}
