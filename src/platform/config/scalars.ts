import { z } from 'zod';
import { formatByteSize, parseByteSize } from '../text/byte-size.ts';
import { formatDuration, parseDuration } from '../time/duration.ts';
import { Secret } from './secret.ts';

// The kinds of value that a key can have. Codecs, because the effective configuration is written back as YAML.

const NOT_A_DURATION = 'must be a duration such as 1m30s or 500ms';
const NOT_A_SIZE = 'must be a size such as 4KB or 32MB';

// Timers in Node fire at once when they are set further ahead than 2^31 - 1 ms.
const LONGEST_TIMER_MS = 24 * 24 * 3600 * 1000;

/** A Prometheus duration, as milliseconds; may be 0. */
export const duration = z.codec(z.union([z.string(), z.literal(0)], { error: NOT_A_DURATION }), z.number(), {
  decode: (value, context) => {
    const milliseconds = parseDuration(String(value));
    if (milliseconds !== undefined) return milliseconds;
    context.issues.push({ code: 'custom', input: value, message: NOT_A_DURATION });
    return z.NEVER;
  },
  encode: formatDuration,
});

/** A duration for a timer, as milliseconds: above 0. */
export const timer = duration
  .refine((milliseconds) => milliseconds > 0, { error: 'must be longer than 0s' })
  .refine((milliseconds) => milliseconds <= LONGEST_TIMER_MS, {
    error: `must be at most ${formatDuration(LONGEST_TIMER_MS)}`,
  });

/** A size, as bytes: above 0. */
export const byteSize = z
  .codec(z.string({ error: NOT_A_SIZE }), z.number(), {
    decode: (text, context) => {
      const bytes = parseByteSize(text);
      if (bytes !== undefined) return bytes;
      context.issues.push({ code: 'custom', input: text, message: NOT_A_SIZE });
      return z.NEVER;
    },
    encode: formatByteSize,
  })
  .refine((bytes) => bytes > 0, { error: 'must be larger than 0B' });

/** A text that nothing ever prints. */
export const secret = z.codec(z.string(), z.instanceof(Secret), {
  decode: (text) => new Secret(text),
  encode: String,
});

/** A text that says something. */
export const text = z.string().min(1);

/** How many, at least one. */
export const count = z.int().min(1);

export const port = z.int().min(1).max(65535);

/** A text for which `problem` finds no fault. */
export function checkedText(problem: (text: string) => string | undefined): z.ZodString {
  return z.string().superRefine((value, context) => {
    const sentence = problem(value);
    // With a code it does not end the parsing, so that of a union the alternative that was meant can be told.
    if (sentence !== undefined) context.addIssue({ code: 'custom', message: sentence });
  });
}
