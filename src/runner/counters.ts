/** What of a runner's work is worth a look, counted since it started; read it whenever you like. */
export interface RunnerCounters {
  /** Lines of the log that could not be written: most are results. */
  linesLost: number;
  /** Pushes that held no valid result, or one that the log did not take. */
  pushesRefused: number;
  /** Runs left out because the one before was still under way. */
  runsSkipped: number;
  /** Commands that had to wait because as many as are allowed ran already. */
  commandsQueued: number;
}

export function createCounters(): RunnerCounters {
  return { linesLost: 0, pushesRefused: 0, runsSkipped: 0, commandsQueued: 0 };
}
