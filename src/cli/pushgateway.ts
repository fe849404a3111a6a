import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Logger } from '../platform/log/log.ts';
import type { Pushgateway, PushgatewayOptions } from '../pushgateway/pushgateway.ts';
import type { CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { createCharsetOption } from './charset-option.ts';
import { createOutputLimitOption } from './runner-options.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { durationAbove0 } from './duration-option.ts';

interface PushgatewayFlags extends LogFlags {
  readonly 'web.listenAddress': readonly string[];
  readonly 'web.config.file'?: string;
  readonly 'web.telemetryPath': string;
  readonly 'web.externalUrl'?: string;
  readonly 'web.routePrefix'?: string;
  readonly 'web.enableLifecycle': boolean;
  readonly 'web.enableAdminApi': boolean;
  readonly 'persistence.file'?: string;
  readonly 'persistence.interval'?: string;
  readonly 'push.disableConsistencyCheck': boolean;
  readonly 'push.enableUtf8Names': boolean;
  readonly 'storage.path': string;
  readonly 'storage.sync': 'always' | 'off';
  readonly 'groups.forgetAfter'?: number;
  readonly 'limits.groups': number;
  readonly 'limits.series': number;
  readonly 'limits.clients': number;
  readonly 'limits.checks': number;
  readonly 'limits.checksPerClient': number;
  readonly 'output.limit': number;
  readonly 'output.charset': readonly string[];
}

const DEFAULT_STORAGE = 'data/pushgateway';

/** `pushgateway`: takes the Pushgateway's place, with its paths, flags and metrics. */
export function addPushgatewayCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('pushgateway')
    .description('Take pushed metrics, in the place of a Pushgateway.')
    .option('--web.listen-address <address...>', 'where to listen (repeatable)', [':9091'])
    .option('--web.config.file <file>', 'TLS and authentication of the listener')
    .option('--web.telemetry-path <path>', 'where the metrics are', '/metrics')
    .option(
      '--web.external-url <url>',
      'URL under which it is reached from outside; its path is the prefix of all paths',
    )
    .option('--web.route-prefix <path>', 'prefix of all paths; default: the path of --web.external-url')
    .option('--web.enable-lifecycle', 'end the program at PUT /-/quit', false)
    .option('--web.enable-admin-api', 'remove everything at PUT /api/v1/admin/wipe', false)
    .option('--push.enable-utf8-names', 'take metric and label names of any UTF-8', false);
  addStorageOptions(command);
  addUnusedOptions(command);
  addLogOptions(command).action((flags: PushgatewayFlags) => run(flags, io));
}

function addStorageOptions(command: Command): void {
  command
    .option('--storage.path <folder>', 'folder for what was pushed', DEFAULT_STORAGE)
    .addOption(
      new Option(
        '--storage.sync <when>',
        'whether a push waits for the disk; off survives a crash of the program, not of the machine',
      )
        .choices(['always', 'off'])
        .default('always'),
    )
    .option('--persistence.file <folder>', 'the same as --storage.path')
    .addOption(
      new Option(
        '--groups.forget-after <duration>',
        'time without a push, such as 30d, after which a group goes; without: never',
      ).argParser(durationAbove0('12h or 30d')),
    )
    .addOption(createLimitOption('--limits.groups <count>', 'most groups', 20_000))
    .addOption(createLimitOption('--limits.series <count>', 'most pushed metrics', 200_000))
    .addOption(createLimitOption('--limits.clients <count>', 'most clients that push check results', 50_000))
    .addOption(createLimitOption('--limits.checks <count>', 'most checks of all clients', 200_000))
    .addOption(createLimitOption('--limits.checks-per-client <count>', 'most checks of one client', 500))
    .addOption(createOutputLimitOption(256 * 1024))
    .addOption(createCharsetOption());
}

// Accepted, so that the arguments of a Pushgateway can stay as they are.
function addUnusedOptions(command: Command): void {
  command
    .option('--persistence.interval <duration>', 'has no effect: each push is on disk when it is answered')
    .option(
      '--push.disable-consistency-check',
      'has no effect: the check costs no more than the push',
      false,
    );
}

async function run(flags: PushgatewayFlags, io: CommandIo): Promise<void> {
  const log = loggerOf(flags, io);
  await runUntilStopped(io, {
    log,
    start: () => start(flags, log),
    onHangup: { ignoredBecause: 'there is no file to read again; --web.config.file is watched' },
    onUser2: { ignoredBecause: 'there is no log file to open again' },
  });
}

async function start(flags: PushgatewayFlags, log: Logger): Promise<Pushgateway> {
  if (flags['persistence.interval'] !== undefined)
    log.warn('--persistence.interval has no effect: each push is on disk when it is answered');
  if (flags['push.disableConsistencyCheck'])
    log.warn('--push.disable-consistency-check has no effect: the check costs no more than the push');
  const { startPushgateway } = await import('../pushgateway/pushgateway.ts');
  const gateway = await startPushgateway(toOptions(flags, log));
  log.info('ready');
  return gateway;
}

function toOptions(flags: PushgatewayFlags, log: Logger): PushgatewayOptions {
  return {
    listenAddresses: flags['web.listenAddress'],
    webConfigFile: flags['web.config.file'],
    telemetryPath: flags['web.telemetryPath'],
    routePrefix: routePrefixOf(flags),
    isLifecycleEnabled: flags['web.enableLifecycle'],
    isAdminEnabled: flags['web.enableAdminApi'],
    nameRule: flags['push.enableUtf8Names'] ? 'utf8' : 'legacy',
    storage: {
      path: flags['persistence.file'] ?? flags['storage.path'],
      sync: flags['storage.sync'] === 'always',
    },
    limits: {
      groups: flags['limits.groups'],
      series: flags['limits.series'],
      clients: flags['limits.clients'],
      checks: flags['limits.checks'],
      checksPerClient: flags['limits.checksPerClient'],
    },
    charsets: flags['output.charset'],
    outputLimit: flags['output.limit'],
    forgetGroupsAfter: flags['groups.forgetAfter'],
    flags: shownFlags(flags),
    log,
  };
}

function routePrefixOf(flags: PushgatewayFlags): string {
  const externalUrl = flags['web.externalUrl'];
  if (externalUrl !== undefined && !URL.canParse(externalUrl))
    throw new Error(`--web.external-url "${externalUrl}" is not a URL`);
  const path = flags['web.routePrefix'] ?? (externalUrl === undefined ? '' : new URL(externalUrl).pathname);
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `/${trimmed}`;
}

// As the status API of a Pushgateway shows them: `web.enable-admin-api` and not `web.enableAdminApi`.
function shownFlags(flags: PushgatewayFlags): Record<string, string> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      Array.isArray(value) ? value.join(',') : String(value),
    ]),
  );
}

function createLimitOption(flag: string, description: string, value: number): Option {
  return new Option(flag, description).default(value).argParser((text) => {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number above 0.');
    return Number(text);
  });
}
