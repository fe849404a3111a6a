import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { pluralize } from '../platform/text/pluralize.ts';
import { ConfigError, formatProblem, type ConfigProblem } from '../platform/config/config-error.ts';
import type { Config } from '../proxy/config/schema.ts';
import type { CommandIo } from './command-io.ts';

/** `check-config FILE…`: every problem on stderr, one line per valid file on stdout; exit code 1 if one is not valid. */
export function addCheckConfigCommand(program: Command, io: CommandIo): void {
  program
    .command('check-config')
    .description('Check configuration files; print every problem with file, line and key.')
    .argument('<file...>', 'configuration files of serve and web')
    .action(async (files: readonly string[]) => {
      for (const file of files) await checkFile(file, io);
    });
}

async function checkFile(file: string, io: CommandIo): Promise<void> {
  try {
    const { summary, warnings } = await load(file);
    for (const warning of warnings) {
      io.stderr.write(`${formatProblem({ ...warning, sentence: `warning: ${warning.sentence}` })}\n`);
    }
    io.stdout.write(`${file}: valid, ${summary}\n`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.stderr.write(`${error.message}\n`);
    io.setExitCode(1);
  }
}

// A file with `clusters:` is one of `web`, every other one of `serve`.
async function load(file: string): Promise<{ summary: string; warnings: readonly ConfigProblem[] }> {
  if (/^clusters:/m.test(await readFile(file, 'utf8').catch(() => ''))) {
    const { loadWebConfigFile } = await import('../web/config/load.ts');
    const { config, warnings } = await loadWebConfigFile(file);
    return { summary: pluralize(config.clusters.length, 'cluster'), warnings };
  }
  const { loadConfig } = await import('../proxy/config/load.ts');
  const { config, warnings } = await loadConfig(file);
  return { summary: summaryOf(config), warnings };
}

function summaryOf({ alertmanagers, sources }: Config): string {
  const addresses = alertmanagers.flatMap(({ static_configs = [], dns_sd_configs = [] }) => [
    ...static_configs.flatMap(({ targets }) => targets),
    ...dns_sd_configs.flatMap(({ names }) => names),
  ]);
  return `${pluralize(addresses.length, 'alertmanager')}, ${pluralize(sources.length, 'source')}`;
}
