import { describeError } from '../log/log.ts';

/**
 * Makes a check out of what throws where a text is no good: it tells why, and undefined where the text is good.
 * @param sentence what to say of the error; by default what it says itself
 */
export function problemOf(
  parse: (text: string) => unknown,
  sentence: (error: unknown) => string = describeError,
): (text: string) => string | undefined {
  return (text) => {
    try {
      parse(text);
      return undefined;
    } catch (error) {
      return sentence(error);
    }
  };
}
