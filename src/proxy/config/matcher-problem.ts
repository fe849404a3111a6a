import { describeError } from '../../platform/log.ts';
import { parseMatcher } from '../alert/matcher.ts';

/** Why a text is no matcher in Alertmanager's syntax; undefined if it is one. */
export function matcherProblem(text: string): string | undefined {
  try {
    parseMatcher(text);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}
