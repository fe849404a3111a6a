import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { errorCode } from '../platform/file/error-code.ts';
import { describeError } from '../platform/log/log.ts';
import type { CommandIo } from './command-io.ts';

interface InitOptions {
  readonly 'alertmanager.url': readonly string[];
  readonly 'agent.cidr': readonly string[];
  readonly 'config.file': string;
  readonly force?: boolean;
}

const DEFAULT_FILE = '/etc/alertmanager-proxy/alertmanager-proxy.yml';

/** `init`: writes a first configuration of the proxy, with comments, from flags; asks nothing. */
export function addInitCommand(program: Command, io: CommandIo): void {
  program
    .command('init')
    .description('Write a first configuration of the proxy.')
    .option('--alertmanager.url <url...>', 'where an Alertmanager is', ['http://localhost:9093'])
    .option('--agent.cidr <cidr...>', 'a network of nodes whose agents may be asked', [
      '127.0.0.0/8',
      '::1/128',
    ])
    .option('--config.file <file>', 'where to write it', DEFAULT_FILE)
    .option('--force', 'also if the file exists')
    .action((options: InitOptions) => init(options, io));
}

async function init(options: InitOptions, io: CommandIo): Promise<void> {
  const { firstConfiguration } = await import('../proxy/config/first-configuration.ts');
  const file = options['config.file'];
  const written = await firstConfiguration({
    alertmanagers: options['alertmanager.url'],
    networks: options['agent.cidr'],
  });
  const failure = written.ok ? await write(file, written.text, options.force === true) : written.problem;
  if (failure !== undefined) {
    io.stderr.write(`${failure}\n`);
    io.setExitCode(1);
    return;
  }
  io.stdout.write(
    `wrote ${file}\nnext: alertmanager-proxy check-config ${file}\nthen: systemctl enable --now alertmanager-proxy, and name port 9095 of this machine under alerting.alertmanagers in prometheus.yml\n`,
  );
}

// Resolves to why it could not be written.
async function write(file: string, text: string, isForced: boolean): Promise<string | undefined> {
  try {
    await writeFile(file, text, { flag: isForced ? 'w' : 'wx', mode: 0o644 });
    return undefined;
  } catch (error) {
    return errorCode(error) === 'EEXIST'
      ? `${file} exists already; --force writes over it`
      : `cannot write ${file}: ${describeError(error)}`;
  }
}
