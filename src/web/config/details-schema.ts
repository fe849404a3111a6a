import { RE2JS } from 're2js';
import { z } from 'zod';
import { allowSchema } from '../../platform/config/allow-schema.ts';
import { httpClientKeys, oneAuthentication } from '../../platform/config/http-client-schema.ts';
import { problemOf } from '../../platform/config/problem-of.ts';
import { byteSize, checkedText, count, duration, text, timer } from '../../platform/config/scalars.ts';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import { parseMatcher } from '../../alertmanager-api/matcher.ts';

const urlTemplate = checkedText(problemOf(parseUrlTemplate));

/** An expression in RE2 syntax. */
export const regex = checkedText(
  problemOf(
    (expression) => RE2JS.compile(expression),
    () => 'is not a regular expression in RE2 syntax',
  ),
);

/** Where the outputs of some nodes' checks come from. */
export const detailsSchema = z
  .strictObject({
    name: text.describe('Name of the source, in metrics and logs.'),
    matchers: z
      .array(checkedText(problemOf(parseMatcher)))
      .prefault([])
      .describe('Nodes that this source knows, by the labels of their series. None: every node.'),
    list: urlTemplate.describe('URL of all checks of a node: {label}, {label.host}, {label.port}.'),
    check: urlTemplate.describe('URL of one check; {check} is its name.'),
    timeout: timer.prefault('2s').describe('How long one fetch may take.'),
    connect_timeout: timer.prefault('500ms').describe('How long it may take to connect.'),
    max_response: byteSize.prefault('8MB').describe('Longer answers are refused.'),
    max_concurrency: count.prefault(64).describe('Fetches of this source under way.'),
    max_concurrency_per_host: count.prefault(2).describe('Fetches from one host under way.'),
    cache_ttl: duration.prefault('5s').describe('How long an answer serves all who ask.'),
    redact: z.array(regex).prefault([]).describe('RE2 expressions: what they match is masked.'),
    allow: allowSchema.describe('Where this source may connect.'),
    ...httpClientKeys,
  })
  .check(oneAuthentication);
