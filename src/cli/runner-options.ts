import { InvalidArgumentError, Option } from 'commander';
import { formatByteSize, parseByteSize } from '../platform/text/byte-size.ts';

/** sensu-client's configuration folder, the default of the runner. */
export const DEFAULT_CONFIG_DIRECTORY = '/etc/sensu/conf.d';

/** sensu-client's log file, the default of the runner. */
export const DEFAULT_LOG_FILE = '/var/log/sensu/sensu-client.log';

// One byte of output takes up to 6 in the log (\u0000). With this limit an output is cut only once, unless a hook prints as much.
const DEFAULT_OUTPUT_LIMIT = 512 * 1024;

/** `--output.limit`, in bytes. */
export function createOutputLimitOption(limit = DEFAULT_OUTPUT_LIMIT): Option {
  return new Option('--output.limit <size>', 'what is kept of the output of a check')
    .default(limit, formatByteSize(limit))
    .argParser(parseLimit);
}

function parseLimit(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes === undefined || bytes === 0)
    throw new InvalidArgumentError('Expected a size such as 512KB or 1MB.');
  return bytes;
}
