/** One thing that is wrong, or suspicious, in a configuration file. */
export interface ConfigProblem {
  readonly file: string;
  /** Counted from 1; absent if the file as a whole is meant. */
  readonly line?: number;
  readonly column?: number;
  /** Where in the configuration, such as `sources[0].timeout`; empty if the file as a whole is meant. */
  readonly key: string;
  /** What is wrong and what to do, without any secret. */
  readonly sentence: string;
}

/** A problem in one line: `FILE:LINE: KEY: SENTENCE`. */
export function formatProblem({ file, line, key, sentence }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return [place, key, sentence].filter((part) => part !== '').join(': ');
}

/** Thrown when a configuration file cannot be used. Carries all its problems; the message has one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}
