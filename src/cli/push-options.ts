import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Logger } from '../platform/log/log.ts';
import { formatByteSize, parseByteSize } from '../platform/text/byte-size.ts';
import type { ResultPusher } from '../push/result-pusher.ts';

/** What `addPushOptions` adds to the flags of a command. */
export interface PushFlags {
  readonly 'push.url'?: readonly string[];
  readonly 'push.job': string;
  readonly 'push.spool.path': string;
  readonly 'push.spool.size': number;
}

const DEFAULT_SPOOL_PATH = '/var/spool/alertmanager-proxy';
const DEFAULT_SPOOL_SIZE = 16 * 1024 ** 2;

/** Adds `--push.url` and what goes with it. */
export function addPushOptions(command: Command): Command {
  return command
    .option(
      '--push.url <url...>',
      'gateway to which the results are pushed; each gets all of them (repeatable)',
    )
    .option('--push.job <name>', 'label job of the pushed series', 'checks')
    .option('--push.spool.path <folder>', 'where results wait for a gateway', DEFAULT_SPOOL_PATH)
    .addOption(
      new Option(
        '--push.spool.size <size>',
        'how much waits there; the newest result of each check always does',
      )
        .default(DEFAULT_SPOOL_SIZE, formatByteSize(DEFAULT_SPOOL_SIZE))
        .argParser(parseSize),
    );
}

/** What pushes to the gateways that the flags name; undefined if they name none. Throws a sentence about a bad URL. */
export async function createPusher(flags: PushFlags, log: Logger): Promise<ResultPusher | undefined> {
  const urls = flags['push.url'] ?? [];
  if (urls.length === 0) return undefined;
  for (const url of urls) {
    // Not the URL itself: it may hold a password.
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new Error('--push.url has to be an http or https URL');
    if (new URL(url).username !== '' || new URL(url).password !== '')
      throw new Error('--push.url must not hold a user or password');
  }
  const { ResultPusher } = await import('../push/result-pusher.ts');
  const spool = { path: flags['push.spool.path'], maxBytes: flags['push.spool.size'] };
  return new ResultPusher({ urls, job: flags['push.job'], spool, log });
}

function parseSize(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes === undefined || bytes === 0) throw new InvalidArgumentError('Expected a size such as 16MB.');
  return bytes;
}
