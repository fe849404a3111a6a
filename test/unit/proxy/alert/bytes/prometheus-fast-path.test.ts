import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findPrometheusSpans } from '../../../../../src/proxy/alert/bytes/prometheus-fast-path.ts';
import { findAlertSpans } from '../../../../../src/proxy/alert/bytes/spans.ts';

const CAPTURED = join(import.meta.dirname, '../../../../fixtures/captured');
const ALERT = '{"endsAt":"","startsAt":"","generatorURL":"","labels":{"a":"b"}}';

// That the two ways agree on any body is a property in parse.test.ts.
describe('findPrometheusSpans', () => {
  it.each(readdirSync(CAPTURED).filter((name) => name.endsWith('.json')))(
    'finds in %s what the careful way finds',
    (name) => {
      const body = readFileSync(join(CAPTURED, name));

      expect(findPrometheusSpans(body.toString('latin1'))).toEqual(findAlertSpans(body));
    },
  );

  it.each([
    ['white space', `[ ${ALERT}]`],
    ['another order', '[{"startsAt":"","endsAt":"","generatorURL":"","labels":{"a":"b"}}]'],
    ['a member less', '[{"endsAt":"","generatorURL":"","labels":{"a":"b"}}]'],
    ['a member more', '[{"x":1,"endsAt":"","startsAt":"","generatorURL":"","labels":{"a":"b"}}]'],
    [
      'white space after annotations',
      '[{"annotations":{"a":"b"} ,"endsAt":"","startsAt":"","generatorURL":"","labels":{"a":"b"}}]',
    ],
    ['one of several alerts', `[${ALERT},{"labels":{"a":"b"}}]`],
    ['an empty batch', '[]'],
  ])('leaves to the careful way: %s', (_, text) => {
    expect(findPrometheusSpans(text)).toBeUndefined();
  });
});
