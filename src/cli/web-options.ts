import { InvalidArgumentError, Option, type Command } from 'commander';
import { formatDuration, parseDuration } from '../platform/time/duration.ts';

/** What `addWebOptions` adds to the flags of a command. */
export interface WebFlags {
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

/** Milliseconds between two looks at the configuration file; undefined: none. */
export function autoReloadIntervalOf(flags: WebFlags): number | undefined {
  return flags['config.autoReload'] === true ? flags['config.autoReloadInterval'] : undefined;
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
