import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createLogger } from '../platform/log/log.ts';
import { readFailure } from '../platform/file/read-failure.ts';
import { BatchSyntaxError } from '../proxy/alert/parse.ts';
import { ConfigError } from '../platform/config/config-error.ts';
import { configFileHint, createConfigFileOption } from './config-file-option.ts';
import type { CommandIo } from './command-io.ts';

/** `explain --config.file F ALERTS.json`: shows what the proxy would write into these alerts, and why. Forwards nothing. */
export function addExplainCommand(program: Command, io: CommandIo): void {
  program
    .command('explain')
    .description(
      'Show for each alert of a payload what would be asked, what came, and what would be written; forwards nothing.',
    )
    .argument('<alerts.json>', 'a JSON array of alerts, as Prometheus posts it')
    .addOption(createConfigFileOption())
    .action(async (file: string, options: { readonly 'config.file': string }) => {
      try {
        const { explainBatch } = await import('../explain/explain.ts');
        const { renderExplanation } = await import('../explain/render.ts');
        const { loadConfig } = await import('../proxy/config/load.ts');
        const { config } = await loadConfig(options['config.file']);
        const log = createLogger({ level: 'warn', format: 'logfmt', stream: io.stderr });
        const explanation = await explainBatch(await readFile(file), config, log);
        io.stdout.write(renderExplanation(explanation, Date.now()));
      } catch (error) {
        const hint = error instanceof ConfigError ? await configFileHint(options['config.file']) : '';
        io.stderr.write(`${explainFailure(file, error)}${hint}\n`);
        io.setExitCode(1);
      }
    });
}

function explainFailure(file: string, error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof BatchSyntaxError) return `${file}: ${error.message.replace(/^the body/, 'the file')}`;
  return `${file}: cannot be read: ${readFailure(error)}`;
}
