import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { LogFollower } from '../../src/agent/log/log-follower.ts';
import { createRecordedLog } from './recorded-log.ts';
import { createTempFolder } from './temp-folder.ts';
import { waitFor } from './wait-for.ts';

/** A log in a folder of its own, and a follower that looks at it 200 times a second. */
export interface FollowedLog {
  readonly path: string;
  /** What the follower read, one character a byte. */
  readonly lines: readonly string[];
  readonly start: () => Promise<void>;
  /** Waits until the follower has read just these lines. */
  readonly reads: (...lines: string[]) => Promise<void>;
  readonly tooLong: () => number;
  /** What the follower told its operator. */
  readonly told: () => string;
  /** How many files of the folder it holds open. */
  readonly openFiles: () => number;
  readonly stop: () => Promise<void>;
  /** Stops and removes the folder. */
  readonly dispose: () => Promise<void>;
}

export function createFollowedLog({ linger = 60_000 } = {}): FollowedLog {
  const folder = createTempFolder();
  const path = join(folder.path, 'sensu-client.log');
  const lines: string[] = [];
  let tooLong = 0;
  const { log, text } = createRecordedLog();
  const follower = new LogFollower({
    path,
    onLine: (line) => lines.push(line.toString('latin1')),
    onTooLong: () => (tooLong += 1),
    log,
    times: { poll: 5, linger },
  });
  return {
    path,
    lines,
    start: () => follower.start(),
    reads: async (...expected) => {
      await waitFor('the lines', () => {
        expect(lines).toEqual(expected);
        return true;
      });
    },
    tooLong: () => tooLong,
    told: text,
    openFiles: () => readdirSync('/proc/self/fd').filter((fd) => targetOf(fd).startsWith(folder.path)).length,
    stop: () => follower.stop(),
    dispose: async () => {
      await follower.stop();
      folder.remove();
    },
  };
}

// The descriptor with which the folder is listed is gone by now.
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
}
