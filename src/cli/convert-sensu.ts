import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { ConvertedSilences } from '../convert-sensu/silences.ts';
import { isMissing } from '../platform/file/is-missing.ts';
import { describeError } from '../platform/log/log.ts';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import type { CommandIo } from './command-io.ts';

interface Flags {
  readonly 'output.dir'?: string;
  readonly silenced?: string;
}

type NamedFile = readonly [name: string, content: string];

/** The operator named a file or folder that cannot be used. */
class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
}

/** `convert-sensu DIR`: rules and routes to files or stdout; on stderr what could not be converted. */
export function addConvertSensuCommand(program: Command, io: CommandIo): void {
  program
    .command('convert-sensu')
    .description('Write Prometheus rules and Alertmanager routes from a Sensu configuration.')
    .argument('<dir>', 'Sensu configuration, such as /etc/sensu/conf.d; config.json beside it is read too')
    .option('--output.dir <dir>', 'where to write the files; without it they go to stdout')
    .option('--silenced <file>', "the answer of Sensu's GET /silenced, to be converted to silences")
    .action(async (directory: string, flags: Flags) => {
      try {
        await convertSensu(directory, flags, io);
      } catch (error) {
        if (!(error instanceof UnusableFileError)) throw error;
        io.stderr.write(`${describeError(error)}\n`);
        io.setExitCode(1);
      }
    });
}

async function convertSensu(directory: string, flags: Flags, io: CommandIo): Promise<void> {
  const { convert } = await import('../convert-sensu/convert.ts');
  const { toSentences } = await import('../convert-sensu/fact.ts');
  const { rules, alertmanager, unconverted } = convert(await load(directory));
  const files: NamedFile[] = [
    ['sensu-rules.yml', rules],
    ['sensu-alertmanager.yml', alertmanager],
  ];
  const left = [...unconverted];
  if (flags.silenced !== undefined) {
    const silences = await readSilences(flags.silenced);
    files.push(['sensu-silences.sh', silences.script]);
    left.push(...silences.unconverted);
  }
  if (flags['output.dir'] === undefined) io.stdout.write(files.map(section).join('\n'));
  else io.stdout.write(lines(await writeFiles([...files, await templates()], flags['output.dir'])));
  if (left.length > 0)
    io.stderr.write(
      `not converted:\n${lines(toSentences(left).map((sentence) => `  ${printable(sentence)}`))}`,
    );
}

// Without the templates Alertmanager starts, and then loses every notification that names one.
async function templates(): Promise<NamedFile> {
  const { readShippedTemplates, TEMPLATES_FILE } = await import('../convert-sensu/shipped-templates.ts');
  return [TEMPLATES_FILE, await readShippedTemplates()];
}

async function load(directory: string): Promise<SensuConfiguration> {
  const { loadConfiguration } = await import('../sensu/configuration.ts');
  const configuration = await loadConfiguration({ directories: [directory], env: {} });
  const isFolderMissing = await isMissing(directory);
  const problems = configuration.problems.map((problem) =>
    isFolderMissing && problem.file === directory
      ? { ...problem, reason: 'the folder does not exist' }
      : problem,
  );
  // config.json beside the folder may hold everything.
  if (configuration.files.size > 0) return { ...configuration, problems };
  const reasons = problems.map(({ file, reason }) => `\n  ${file}: ${reason}`);
  throw new UnusableFileError(
    `${directory}: holds no Sensu configuration that can be read${reasons.join('')}`,
  );
}

async function readSilences(file: string): Promise<ConvertedSilences> {
  const { toSilences } = await import('../convert-sensu/silences.ts');
  try {
    return toSilences(JSON.parse(await readFile(file, 'utf8')), Date.now());
  } catch (cause) {
    throw new UnusableFileError(`${file}: is not an answer of Sensu's GET /silenced`, { cause });
  }
}

async function writeFiles(files: readonly NamedFile[], directory: string): Promise<string[]> {
  const written: string[] = [];
  try {
    for (const [name, content] of files) {
      const file = join(directory, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      written.push(file);
    }
    return written;
  } catch (cause) {
    throw new UnusableFileError(`${directory}: cannot be written to`, { cause });
  }
}

// Names in JSON may contain line breaks and terminal escape sequences.
function printable(sentence: string): string {
  return sentence.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}

function section([name, content]: NamedFile): string {
  return `# ${name}\n${content}`;
}

function lines(sentences: readonly string[]): string {
  return sentences.map((sentence) => `${sentence}\n`).join('');
}
