/** What a runner has done since it started, and how it stands; read it whenever you like. */
export interface RunnerCounters {
  /** Results written, those of programs that pushed them included. */
  results: number;
  timeouts: number;
  truncatedOutputs: number;
  /** Runs left out because the one before was still under way, or the check was subdued. */
  skipped: { inProgress: number; subdued: number };
  /** Commands that had to wait because as many as are allowed ran already. */
  queued: number;
  /** The longest of those waits. */
  maxQueueSeconds: number;
  pushed: { accepted: number; refused: number };
  linesLost: number;
  /** Definitions as of the last load. */
  definitions: { scheduled: number; idle: number; broken: number };
  brokenFiles: number;
  reloads: { succeeded: number; failed: number };
}

export function createCounters(): RunnerCounters {
  return {
    results: 0,
    timeouts: 0,
    truncatedOutputs: 0,
    skipped: { inProgress: 0, subdued: 0 },
    queued: 0,
    maxQueueSeconds: 0,
    pushed: { accepted: 0, refused: 0 },
    linesLost: 0,
    definitions: { scheduled: 0, idle: 0, broken: 0 },
    brokenFiles: 0,
    reloads: { succeeded: 0, failed: 0 },
  };
}
