import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Logger } from '../platform/log/log.ts';
import type { ListeningAppOptions } from '../platform/web/listening-app.ts';
import { formatDuration, parseDuration } from '../platform/time/duration.ts';

/** The flags of a command that listens and reloads its configuration. */
export interface WebFlags {
  readonly 'config.file': string;
  readonly 'web.listenAddress': string;
  readonly 'config.autoReload'?: boolean;
  readonly 'config.autoReloadInterval': number;
  readonly 'web.adminListenAddress'?: string;
  readonly 'web.config.file'?: string;
  readonly 'web.enableLifecycle'?: boolean;
  readonly 'web.routePrefix': string;
}

/** As Prometheus' own. */
const AUTO_RELOAD_INTERVAL_MS = 30_000;
const LONGEST_INTERVAL_MS = 24 * 3600 * 1000;

/** Adds the flags of a listener that reloads its configuration; `admin` says what answers at the admin address. */
export function addWebOptions(command: Command, admin: string): Command {
  return command
    .option('--config.auto-reload', 'reload the configuration file when it changes')
    .addOption(
      new Option('--config.auto-reload-interval <duration>', 'how often to look whether it changed')
        .default(AUTO_RELOAD_INTERVAL_MS, formatDuration(AUTO_RELOAD_INTERVAL_MS))
        .argParser(parseInterval),
    )
    .option('--web.admin-listen-address <address>', admin)
    .option('--web.config.file <file>', 'TLS and authentication of the listener')
    .option('--web.enable-lifecycle', 'allow reloading by POST /-/reload')
    .addOption(
      new Option('--web.route-prefix <prefix>', 'what stands before the paths of the management endpoints')
        .default('/')
        .argParser(parsePrefix),
    );
}

/** The options of the app that these flags describe. */
export function toListeningOptions(flags: WebFlags, log: Logger): ListeningAppOptions {
  return {
    configFile: flags['config.file'],
    listenAddress: flags['web.listenAddress'],
    adminListenAddress: flags['web.adminListenAddress'],
    webConfigFile: flags['web.config.file'],
    routePrefix: flags['web.routePrefix'],
    enableLifecycle: flags['web.enableLifecycle'] === true,
    autoReloadInterval: flags['config.autoReload'] === true ? flags['config.autoReloadInterval'] : undefined,
    log,
  };
}

function parseInterval(text: string): number {
  const interval = parseDuration(text);
  if (interval === undefined || interval === 0 || interval > LONGEST_INTERVAL_MS)
    throw new InvalidArgumentError('Expected a duration such as 30s or 1m30s, up to a day.');
  return interval;
}

// As Prometheus does it: `proxy/` is `/proxy`.
function parsePrefix(text: string): string {
  if (!/^[\w.~/-]*$/.test(text))
    throw new InvalidArgumentError('Expected a path such as /proxy, made of letters, digits and -._~/');
  return `/${text.replace(/^\/+|\/+$/g, '')}`;
}
