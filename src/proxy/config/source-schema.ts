import { RE2JS, RE2JSSyntaxException } from 're2js';
import { z } from 'zod';
import { parseMatchers } from '../../alertmanager-api/matcher.ts';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import { allowSchema } from '../../platform/config/allow-schema.ts';
import { annotationsSchema } from './annotations-schema.ts';
import { PRESETS } from './presets.ts';
import { batchSchema } from './batch-schema.ts';
import { httpClientKeys, oneAuthentication } from '../../platform/config/http-client-schema.ts';
import { problemOf } from '../../platform/config/problem-of.ts';
import { byteSize, checkedText, count, timer } from '../../platform/config/scalars.ts';

const charsetProblem = problemOf(
  (charset) => new TextDecoder(charset),
  () => 'is not a known character encoding; use a name such as utf-8, euc-jp, shift_jis or iso-8859-1',
);
const matchersProblem = problemOf((text) => {
  if (parseMatchers(text).length === 0) throw new Error('holds no matcher; leave it out');
});
const urlTemplateProblem = problemOf(parseUrlTemplate);
const regexProblem = problemOf((expression) => RE2JS.compile(expression), regexSentence);

/** Where the details of some alerts are fetched, and which annotations they become. */
export const sourceSchema = z
  .strictObject({
    name: checkedText(nameProblem).describe('Name of the source, in metrics and logs.'),
    preset: z
      .enum(Object.keys(PRESETS) as (keyof typeof PRESETS)[])
      .optional()
      .describe('What the source asks: gives it the keys that are not set here.'),
    matchers: z
      .array(checkedText(matchersProblem))
      .prefault([])
      .describe('Alerts that this source enriches: all matchers match. None: every alert.'),
    url: checkedText(urlTemplateProblem).describe('URL template: {label}, {label.host}, {label.port}.'),
    timeout: timer.prefault('1s').describe('How long one fetch may take.'),
    connect_timeout: timer.prefault('300ms').describe('How long it may take to connect.'),
    max_response: byteSize.prefault('256KB').describe('Longer bodies are refused.'),
    max_concurrency: count
      .optional()
      .describe('Fetches of this source under way; default: enrichment.max_concurrency.'),
    resolved: z
      .enum(['fetch', 'cached', 'skip'])
      .prefault('fetch')
      .describe('Resolved alerts: fetch their output, use what is cached, or leave them as they are.'),
    overwrite: z.boolean().prefault(false).describe('Replace annotations that the alert already has.'),
    batch: batchSchema.optional().describe('How to ask for several checks of one node at once.'),
    annotations: annotationsSchema.describe(
      'Annotations to write: JMESPath over the JSON body, or one for each state of the alert; a text body is the string @.',
    ),
    max_annotation: byteSize
      .prefault('4KB')
      .describe('Longer texts keep their head and tail, with a mark in between.'),
    redact: z
      .array(checkedText(regexProblem))
      .prefault([])
      .describe('RE2 expressions: what they match is masked.'),
    charset: z
      .array(checkedText(charsetProblem))
      .min(1)
      .prefault(['utf-8'])
      .describe('Character encodings, tried in this order.'),
    allow: allowSchema.describe('Where this source may connect.'),
    ...httpClientKeys,
  })
  .check(oneAuthentication)
  .superRefine(({ url, batch }, context) => {
    if (batch === undefined) return;
    for (const label of labelsLeftOut(url, batch)) {
      context.addIssue({
        code: 'custom',
        path: ['batch', 'url'],
        message: `must hold {${label}}, which url holds: alerts that differ in it would get the same output`,
      });
    }
  });

// One answer stands for all alerts that make the same URL, so it must depend on all that `url` depends on. That the label of the
// batch is there is for the batch to see to.
function labelsLeftOut(url: string, batch: z.output<typeof batchSchema>): string[] {
  if ([url, batch.url].some((template) => urlTemplateProblem(template) !== undefined)) return [];
  const held = [batch.label, ...parseUrlTemplate(batch.url).labels];
  return parseUrlTemplate(url).labels.filter((label) => !held.includes(label));
}

function nameProblem(name: string): string | undefined {
  if (/^[a-zA-Z_][a-zA-Z\d_-]*$/.test(name)) return undefined;
  return 'must consist of letters, digits, _ and -, and start with a letter or _';
}

// The expression is not repeated in the sentence: it may name what must stay secret.
function regexSentence(error: unknown): string {
  const why = error instanceof RE2JSSyntaxException ? error.getDescription() : 'it cannot be compiled';
  return `is not an RE2 expression: ${why}`;
}
