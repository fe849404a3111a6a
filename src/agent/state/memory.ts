import type { Logger } from '../../platform/log/log.ts';
import { readRemembered, writeRemembered, type Remembered } from './remembered.ts';
import { StateFile } from './state-file.ts';

interface MemoryOptions {
  readonly stateFile?: string | undefined;
  readonly logFiles: readonly string[];
  readonly log: Logger;
}

/** What outlives the process. */
interface Memory {
  /** What was remembered at the last write; undefined if there is nothing that can be used. */
  load(): Promise<Remembered | undefined>;
  /** Remembers from now on what `remember` returns. */
  start(): void;
  /** Remembers it for the last time. */
  stop(): Promise<void>;
}

/** The memory of an agent in its state file; undefined if it is to have none. */
export function createMemory(
  { stateFile: path, logFiles, log }: MemoryOptions,
  remember: () => Remembered,
): Memory | undefined {
  if (path === undefined) return undefined;
  const file = new StateFile({ path, log, snapshot: () => writeRemembered(remember(), logFiles) });
  return {
    load: () => file.load((text) => readRemembered(text, logFiles)),
    start: () => {
      file.start();
    },
    stop: () => file.stop(),
  };
}
