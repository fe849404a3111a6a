import type { Command } from 'commander';
import { pluralize } from '../platform/text/pluralize.ts';
import { ConfigError, formatProblem } from '../platform/config/config-error.ts';
import type { Config } from '../proxy/config/schema.ts';
import type { CommandIo } from './command-io.ts';

/** `check-config FILE…`: every problem on stderr, one line per valid file on stdout; exit code 1 if one is not valid. */
export function addCheckConfigCommand(program: Command, io: CommandIo): void {
  program
    .command('check-config')
    .description('Check configuration files; print every problem with file, line and key.')
    .argument('<file...>', 'configuration files of serve')
    .action(async (files: readonly string[]) => {
      for (const file of files) await checkFile(file, io);
    });
}

async function checkFile(file: string, io: CommandIo): Promise<void> {
  try {
    const { loadConfig } = await import('../proxy/config/load.ts');
    const { config, warnings } = await loadConfig(file);
    for (const warning of warnings) {
      io.stderr.write(`${formatProblem({ ...warning, sentence: `warning: ${warning.sentence}` })}\n`);
    }
    io.stdout.write(`${file}: valid, ${summaryOf(config)}\n`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.stderr.write(`${error.message}\n`);
    io.setExitCode(1);
  }
}

function summaryOf({ alertmanagers, sources }: Config): string {
  const addresses = alertmanagers.flatMap(({ static_configs = [], dns_sd_configs = [] }) => [
    ...static_configs.flatMap(({ targets }) => targets),
    ...dns_sd_configs.flatMap(({ names }) => names),
  ]);
  return `${pluralize(addresses.length, 'alertmanager')}, ${pluralize(sources.length, 'source')}`;
}
