import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ByteRange } from '../../../../../src/proxy/alert/bytes/scan.ts';
import { findAlertSpans } from '../../../../../src/proxy/alert/bytes/spans.ts';
import { anyJson, rawArray } from '../../../../support/arbitrary-json.ts';

describe('findAlertSpans', () => {
  it.each([
    ['an empty array', '[]', []],
    ['an empty array with white space', ' [ \n ] ', []],
    ['scalars', '[1 , "a,]" ,null,-1e9]', ['1', '"a,]"', 'null', '-1e9']],
    ['brackets in strings', '[{"a":"}]"},["[{"]]', ['{"a":"}]"}', '["[{"]']],
    ['escaped quotes', '["a\\"]","\\\\"]', ['"a\\"]"', '"\\\\"']],
    ['characters of several bytes', '["ß警🔥",{"警":"🔥"}]', ['"ß警🔥"', '{"警":"🔥"}']],
  ])('finds the elements of %s', (_, text, elements) => {
    const body = Buffer.from(text);

    expect(findAlertSpans(body).map((span) => textAt(body, span))).toEqual(elements);
  });

  it('finds the elements of any array', () => {
    const arrays = fc
      .array(anyJson, { maxLength: 6 })
      .chain((elements) => fc.tuple(fc.constant(elements), rawArray(elements)));

    fc.assert(
      fc.property(arrays, ([elements, text]) => {
        const body = Buffer.from(text);

        expect(findAlertSpans(body).map((span) => textAt(body, span))).toEqual(
          elements.map((element) => element.trim()),
        );
      }),
    );
  });

  it.each([
    ['under its name', '{"annotations":{"a":"b"}}', '{"a":"b"}'],
    ['spelled with escapes', '{"\\u0061nnotations":{}}', '{}'],
    ['in any case', '{"aNNOTATIONS":null}', 'null'],
    ['the last of several', '{"annotations":1,"labels":{},"annotations":2}', '2'],
    ['not within something else', '{"x":{"annotations":1},"y":["annotations"]}', undefined],
    ['not where it is a value', '{"x":"annotations"}', undefined],
    ['not where there are none', '{"annotation":1,"annotationss":2}', undefined],
  ])('finds the annotations: %s', (_, element, expected) => {
    const body = Buffer.from(`[ ${element} ]`);
    const annotations = findAlertSpans(body)[0]?.annotations;

    expect(annotations && textAt(body, annotations)).toBe(expected);
  });

  it('says whether there are other members', () => {
    const spans = findAlertSpans(Buffer.from('[{"labels":{"x":1}},{"labels":{},"x":1}]'));

    expect(spans.map(({ form }) => form)).toEqual(['plain', 'plain-with-others']);
  });

  it.each([
    ['each member once', '{"labels":{},"endsAt":1}', 'plain'],
    ['nothing', '{}', 'plain'],
    ['a member twice', '{"labels":{},"labels":{}}', 'odd'],
    ['an unknown member', '{"labels":{},"x":1}', 'plain-with-others'],
    ['a member twice, and an unknown one', '{"labels":{},"x":1,"labels":{},"y":1}', 'odd'],
    ['another spelling', '{"Labels":{}}', 'odd'],
    ['escapes', '{"l\\u0061bels":{}}', 'odd'],
    ['no object', '[]', 'odd'],
  ])('says whether an element is plain: %s', (_, element, form) => {
    expect(findAlertSpans(Buffer.from(`[${element}]`))[0]).toMatchObject({ form });
  });
});

function textAt(body: Buffer, { start, end }: ByteRange): string {
  return body.toString('utf8', start, end);
}
