import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** The processes of the machine as `/proc` shows them; none where there is no `/proc`. */
export function listProcesses(): ProcessEntry[] {
  return pids().flatMap((pid) => {
    const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? '';
    // The name before these may hold anything, brackets and spaces too (proc(5)).
    const match = /^.*\) \S (\d+) (\d+) (\d+) /s.exec(stat);
    return match
      ? [{ pid, parent: Number(match[1]), group: Number(match[2]), session: Number(match[3]) }]
      : [];
  });
}

/** Whether a process prints into the file at a path. */
export function printsInto({ pid }: ProcessEntry, path: string): boolean {
  return [1, 2].some((fd) => attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) === path);
}

function pids(): number[] {
  return (attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
}

// Processes end while one looks, and those of others do not show everything.
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
