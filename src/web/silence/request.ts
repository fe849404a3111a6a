import { RE2JS } from 're2js';
import { formatDuration, parseDuration } from '../../platform/time/duration.ts';
import { parseMatcher } from '../../alertmanager-api/matcher.ts';
import { describeError } from '../../platform/log/log.ts';
import { ApiProblem } from '../api/api-problem.ts';
import type { WebConfigFile } from '../config/schema.ts';
import type { SilenceMatcher } from '../model/member.ts';

/** What a silence is to be like, whoever asks for it and however. */
export interface SilenceWish {
  /** Milliseconds from now. */
  readonly duration: number;
  readonly comment: string;
}

/** Bytes of UTF-8. */
const MAX_COMMENT = 4_096;

/** Checks how long and why. Throws an ApiProblem with a sentence for the reader. */
export function checkWish(
  { duration, comment }: { readonly duration: string; readonly comment: string },
  { silences }: Pick<WebConfigFile, 'silences'>,
): SilenceWish {
  const milliseconds = parseDuration(duration.trim());
  if (milliseconds === undefined || milliseconds === 0)
    throw refused('The duration must be such as 2h or 1d12h.');
  if (milliseconds > silences.max_duration) {
    throw refused(`The duration must be at most ${formatDuration(silences.max_duration)}.`);
  }
  const text = comment.trim();
  if (text === '') throw refused('A comment is required: say why, for those who find the silence.');
  if (Buffer.byteLength(text) > MAX_COMMENT) throw refused('The comment must be at most 4 KB long.');
  const pattern = silences.comment_pattern;
  if (pattern !== '' && !RE2JS.compile(pattern).matcher(text).find()) {
    throw refused(`The comment must contain what matches ${pattern}, such as a ticket.`);
  }
  return { duration: milliseconds, comment: text };
}

/** Reads matchers in Alertmanager's words. Throws an ApiProblem about the first that cannot be used. */
export function readMatchers(texts: readonly string[]): SilenceMatcher[] {
  const matchers = texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      try {
        const { name, operator, value } = parseMatcher(text);
        return { name, value, isRegex: operator.endsWith('~'), isEqual: !operator.startsWith('!') };
      } catch (error) {
        throw refused(`"${text.slice(0, 200)}" is not a matcher: ${describeError(error)}`);
      }
    });
  if (matchers.length === 0) throw refused('At least one matcher is needed, such as check="check_disk".');
  // Alertmanager refuses it too, in words that help nobody.
  if (matchers.every(matchesEmpty))
    throw refused('One matcher must demand a text: these would silence everything.');
  return matchers;
}

function matchesEmpty({ value, isRegex, isEqual }: SilenceMatcher): boolean {
  const isEmpty = isRegex ? RE2JS.compile(value).matches('') : value === '';
  return isEmpty === isEqual;
}

function refused(sentence: string): ApiProblem {
  return new ApiProblem(400, 'bad_data', sentence);
}
