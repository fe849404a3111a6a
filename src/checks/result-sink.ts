/** Who made a result: a run of the runner, or a program that pushed it to the runner. */
export type ResultOrigin = 'run' | 'push';

/** Takes the results of a runner in the same process as they are made. */
export interface ResultSink {
  /**
   * Takes one line as the log has it, without its line break: a result, or that a run was left out. It comes whether or not
   * the log could be written.
   */
  result(line: Buffer, origin: ResultOrigin): void;
}
