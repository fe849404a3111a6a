import { Option } from 'commander';
import { isMissing } from '../platform/file/is-missing.ts';

const DEFAULT_CONFIG_FILE = 'config/alertmanager-proxy.yml';

/** Where the proxy's configuration is; by default as it lies in a clone. */
export function createConfigFileOption(): Option {
  return new Option('--config.file <file>', 'configuration file').default(DEFAULT_CONFIG_FILE);
}

/** What to add to the problems of a configuration file: who installed the program has no file where a clone has it. */
export async function configFileHint(file: string): Promise<string> {
  return file === DEFAULT_CONFIG_FILE && (await isMissing(file)) ? '; set --config.file' : '';
}
