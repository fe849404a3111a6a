import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../platform/time/duration.ts';

/** Parses the value of an option as a duration above 0, in milliseconds. @param examples for the message: `12h or 7d` */
export function durationAbove0(examples: string): (text: string) => number {
  return (text) => {
    const duration = parseDuration(text);
    if (duration === undefined || duration === 0)
      throw new InvalidArgumentError(`Expected a duration such as ${examples}.`);
    return duration;
  };
}
