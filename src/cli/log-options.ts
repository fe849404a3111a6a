import { Option, type Command } from 'commander';
import {
  createLogger,
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFormat,
  type Logger,
  type LogLevel,
} from '../platform/log/log.ts';
import type { CommandIo } from './command-io.ts';

/** The flags that `addLogOptions` adds to a command. */
export interface LogFlags {
  readonly 'log.level': LogLevel;
  readonly 'log.format': LogFormat;
}

/** Adds `--log.level` and `--log.format`. */
export function addLogOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--log.level <level>', 'least severe messages on stderr')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addOption(
      new Option('--log.format <format>', 'format of these messages').choices(LOG_FORMATS).default('logfmt'),
    );
}

/** Creates the logger that the flags describe. */
export function loggerOf(flags: LogFlags, { stderr }: CommandIo): Logger {
  return createLogger({ level: flags['log.level'], format: flags['log.format'], stream: stderr });
}
