/** Largest line of the log that the agent reads, in bytes without its line break; it skips longer ones. */
export const LONGEST_LINE_BYTES = 4 * 1024 ** 2;
