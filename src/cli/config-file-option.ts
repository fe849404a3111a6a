import { Option } from 'commander';
import { isMissing } from '../platform/file/is-missing.ts';

/** Where the configurations lie in a clone. */
const DEFAULT_CONFIG_FILES = { serve: 'config/alertmanager-proxy.yml', web: 'config/web.yml' } as const;

/** The path of the configuration of a command. The default is its place in a clone. */
export function createConfigFileOption(command: keyof typeof DEFAULT_CONFIG_FILES = 'serve'): Option {
  return new Option('--config.file <file>', 'configuration file').default(DEFAULT_CONFIG_FILES[command]);
}

/** A hint for a missing configuration file: the default path exists only in a clone, not in an installed package. */
export async function configFileHint(file: string): Promise<string> {
  const isDefault = Object.values<string>(DEFAULT_CONFIG_FILES).includes(file);
  return isDefault && (await isMissing(file)) ? '; set --config.file' : '';
}
