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
    .argument('<file...>', 'configuration files of serve and web, and web configurations of listeners')
    .option('--print', 'print what is in force: defaults and presets written out, secrets hidden', false)
    .action(async (files: readonly string[], { print }: { readonly print: boolean }) => {
      for (const file of files) await checkFile(file, print, io);
    });
}

async function checkFile(file: string, print: boolean, io: CommandIo): Promise<void> {
  try {
    const { summary, described, warnings } = await load(file);
    for (const warning of warnings) {
      io.stderr.write(`${formatProblem({ ...warning, sentence: `warning: ${warning.sentence}` })}\n`);
    }
    io.stdout.write(
      print
        ? `# ${file}: valid, ${summary}
${described}`
        : `${file}: valid, ${summary}
`,
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.stderr.write(`${error.message}\n`);
    io.setExitCode(1);
  }
}

interface CheckedFile {
  readonly summary: string;
  /** What is in force, as YAML without secrets. */
  readonly described: string;
  readonly warnings: readonly ConfigProblem[];
}

// A file with `clusters:` is one of `web`, one with a section of a listener is a web configuration, every other one is of `serve`.
async function load(file: string): Promise<CheckedFile> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (/^clusters:/m.test(text)) return loadWebFile(file);
  if (/^(?:tls_server_config|http_server_config|basic_auth_users|rate_limit):/m.test(text))
    return loadListenerFile(file);
  const { loadConfig } = await import('../proxy/config/load.ts');
  const { describeConfig } = await import('../proxy/config/describe.ts');
  const { config, warnings } = await loadConfig(file);
  return { summary: summaryOf(config), described: describeConfig(config), warnings };
}

async function loadWebFile(file: string): Promise<CheckedFile> {
  const { loadWebConfigFile } = await import('../web/config/load.ts');
  const { webConfigFileSchema } = await import('../web/config/schema.ts');
  const { describeConfig } = await import('../platform/config/describe-config.ts');
  const { config, warnings } = await loadWebConfigFile(file);
  const described = describeConfig(webConfigFileSchema, config);
  return { summary: pluralize(config.clusters.length, 'cluster'), described, warnings };
}

// What a listener has in force is little more than what its file says, and most of it is secret.
async function loadListenerFile(file: string): Promise<CheckedFile> {
  const { loadWebConfig } = await import('../platform/web/web-config.ts');
  const loaded = await loadWebConfig(file);
  if (!loaded.ok) throw new ConfigError(loaded.problems.map((problem) => problemOfLine(file, problem)));
  const { tls, users } = loaded.config;
  const summary = `${tls === undefined ? 'http' : 'https'}, ${pluralize(users.size, 'user')}`;
  return { summary, described: '', warnings: [] };
}

function problemOfLine(file: string, problem: string): ConfigProblem {
  return { file, key: '', sentence: problem.replace(`${file}: `, '') };
}

function summaryOf({ alertmanagers, sources }: Config): string {
  const addresses = alertmanagers.flatMap(({ static_configs = [], dns_sd_configs = [] }) => [
    ...static_configs.flatMap(({ targets }) => targets),
    ...dns_sd_configs.flatMap(({ names }) => names),
  ]);
  return `${pluralize(addresses.length, 'alertmanager')}, ${pluralize(sources.length, 'source')}`;
}
