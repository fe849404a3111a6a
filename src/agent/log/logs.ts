import { statSync } from 'node:fs';
import type { Logger } from '../../platform/log/log.ts';
import type { ResultSink } from '../../checks/result-sink.ts';
import type { Reading } from '../../checks/state.ts';
import type { AgentMetrics } from '../metrics/agent-metrics.ts';
import type { ResultIntake } from '../result-intake.ts';
import { originOf } from './line-origin.ts';
import type { LogPosition } from './log-position.ts';
import { inodeOf } from './rotated-log.ts';
import { LogFollower } from './log-follower.ts';

interface LogsOptions {
  readonly logFiles: readonly string[];
  /** The one of them that the runner in this process writes. */
  readonly runnerLog?: string | undefined;
  readonly intake: ResultIntake;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  /** How far files were read before the process started. */
  readonly known: () => readonly LogPosition[];
}

/** All that tells of results: logs that are followed, and a runner in this process, whose log is read at the start only. */
export interface Logs extends ResultSink {
  /** Resolves when the logs have been read up to their present ends. Results of the runner come after that. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** How far the logs have been read. */
  positions(): LogPosition[];
}

export function createLogs({ logFiles, runnerLog, intake, ...options }: LogsOptions): Logs {
  // A result of the runner comes after all that its log holds, whatever the clock did.
  const reading = Symbol('runner');
  const past =
    runnerLog === undefined
      ? undefined
      : createFollower(runnerLog, {
          ...options,
          onLine: (line) => {
            intake.take(line, (result) => ({ reading, origin: originOf(result) }));
          },
        });
  const followers = logFiles
    .filter((path) => path !== runnerLog)
    .map((path) =>
      createFollower(path, {
        ...options,
        onLine: (line, ofFile) => {
          intake.take(line, () => ({ reading: ofFile }));
        },
      }),
    );
  return {
    async start() {
      await Promise.all([past?.readOnce(), ...followers.map((follower) => follower.start())]);
    },
    async stop() {
      await Promise.all(followers.map((follower) => follower.stop()));
    },
    positions() {
      const followed = followers.flatMap((follower) => follower.positions());
      return runnerLog === undefined ? followed : [...followed, ...endOf(runnerLog)];
    },
    result(line, origin) {
      intake.take(line, () => ({ reading, origin }));
    },
  };
}

// What the log of the runner holds was handed over: a line is written and handed over in one go.
function endOf(path: string): LogPosition[] {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats?.isFile() !== true) return [];
  return [{ path, inode: inodeOf(stats), position: Number(stats.size), anchor: '' }];
}

interface FollowerOptions extends Pick<LogsOptions, 'metrics' | 'log' | 'known'> {
  readonly onLine: (line: Buffer, reading: Reading) => void;
}

function createFollower(path: string, { onLine, metrics, known, log }: FollowerOptions): LogFollower {
  const onTooLong = (): void => {
    metrics.countLine('too_long');
    log.warn({ path }, 'skipped a line of more than 4 MiB');
  };
  return new LogFollower({ path, onLine, onTooLong, known, log: log.child({ path }) });
}
