import { Option } from 'commander';
import { isMissing } from '../platform/file/is-missing.ts';

const DEFAULT_CONFIG_FILE = 'config/alertmanager-proxy.yml';

/** The path of the proxy's configuration. The default is its place in a clone. */
export function createConfigFileOption(): Option {
  return new Option('--config.file <file>', 'configuration file').default(DEFAULT_CONFIG_FILE);
}

/** A hint for a missing configuration file: the default path exists only in a clone, not in an installed package. */
export async function configFileHint(file: string): Promise<string> {
  return file === DEFAULT_CONFIG_FILE && (await isMissing(file)) ? '; set --config.file' : '';
}
