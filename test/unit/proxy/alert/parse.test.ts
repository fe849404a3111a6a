import { runs } from '../../../support/thorough.ts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../../src/proxy/alert/alert.ts';
import { FieldCache } from '../../../../src/proxy/alert/field-cache.ts';
import { BatchSyntaxError, parseBatch } from '../../../../src/proxy/alert/parse.ts';
import { anyJson, rawArray } from '../../../support/arbitrary-json.ts';

const LABELS = '"labels":{"alertname":"CheckFailed"}';

const LONG = `"annotations":{"a":"${'x'.repeat(300_000)}"}`;

const AS_PROMETHEUS = [
  '{"annotations":{"summary":"a \\u003c b"},"endsAt":"2026-11-21T21:21:55.163Z","startsAt":"2026-11-21T21:21:31.163Z","generatorURL":"http://p/graph","labels":{"alertname":"警告"}}',
  '{"endsAt":"2026-11-21T21:21:55.163Z","startsAt":"2026-11-21T21:21:31.163Z","generatorURL":"/","labels":{"a":"}},{\\"","b":",\\"endsAt\\":"}}',
  '{"annotations":{"endsAt":"x","startsAt":"y"},"endsAt":"","startsAt":null,"generatorURL":"","labels":{"endsAt":"x","startsAt":"y","labels":"z"}}',
];
const ODD = [
  '{"annotations":{},"endsAt":7,"startsAt":{},"generatorURL":[],"labels":{"a":{"b":{}}}}',
  '{"endsAt":null,"startsAt":null,"generatorURL":null,"labels":{"a":"b"},"labels":{"c":"d"}}',
  '{"labels":{"a":"b"},"x":{"y":[1,2]}}',
  '{"Labels":{"a":"b"}}',
  '{"labels":{"a":{}}},{"labels":{"a":"b"}}',
];

/** So many members `"l0":"v"`, and what else is given. */
function manyLabels(count: number, more = ''): string {
  return `{${Array.from({ length: count }, (_, index) => `"l${index}":"v"`).join(',')}${more}}`;
}

describe('parseBatch', () => {
  it('reads an alert as Prometheus sends it', () => {
    const [alert] = parse(
      '[{"annotations":{"summary":"a \\u003c b"},"endsAt":"2026-11-21T21:21:55.163Z","startsAt":"2026-11-21T21:21:31.163Z",' +
        '"generatorURL":"http://prometheus.example.com:9090/graph?g0.expr=up&g0.tab=1","labels":{"alertname":"Ünïcode 警告"}}]',
    ).alerts;

    expect(alert).toMatchObject({
      labels: { alertname: 'Ünïcode 警告' },
      annotations: { summary: 'a < b' },
      startsAt: Date.UTC(2026, 10, 21, 21, 21, 31, 163),
      endsAt: Date.UTC(2026, 10, 21, 21, 21, 55, 163),
    });
  });

  it.each([
    ['nothing', '', 'the body is not JSON; expected a JSON array of alerts'],
    ['words', 'alerts', 'the body is not JSON; expected a JSON array of alerts'],
    ['half an array', `[{${LABELS}}`, 'the body is not JSON; expected a JSON array of alerts'],
    [
      'more after the array',
      '[] []',
      'the body goes on after the array of alerts, at byte 3; it must be one JSON array',
    ],
    ['an object', `{${LABELS}}`, 'the body is JSON, but not an array of alerts'],
    ['null', 'null', 'the body is JSON, but not an array of alerts'],
  ])('refuses %s', (_, body, sentence) => {
    expect(() => parse(body)).toThrow(BatchSyntaxError);
    expect(() => parse(body)).toThrow(sentence);
  });

  it.each([
    ['null', 'null', 'expected an object'],
    ['an array', '[]', 'expected an object'],
    ['an alert without labels', '{}', 'labels: required'],
    ['labels that are null', '{"labels":null}', 'labels: required'],
    ['labels that are a list', '{"labels":[]}', 'labels: expected an object of strings'],
    ['no labels', '{"labels":{}}', 'labels: at least one label pair required'],
    ['labels without values', '{"labels":{"a":"","b":null}}', 'labels: at least one label pair required'],
    ['a number as a label', '{"labels":{"severity":3}}', 'labels.severity: expected a string'],
    [
      'a number under a long name',
      `{"labels":{"${'n'.repeat(2_000)}":1}}`,
      `labels.${'n'.repeat(100)}…: expected a string`,
    ],
    [
      'a number under a name without end',
      `{"labels":{"${'n'.repeat(300_000)}":1}}`,
      `labels.${'n'.repeat(100)}…: expected a string`,
    ],
    ['a number under __proto__', '{"labels":{"a":"b","__proto__":3}}', 'labels.__proto__: expected a string'],
    ['a label without a name', '{"labels":{"":"x"}}', 'labels: a name is empty'],
    ['a list as annotations', `{${LABELS},"annotations":[]}`, 'annotations: expected an object of strings'],
    ['a number as an annotation', `{${LABELS},"annotations":{"a":1}}`, 'annotations.a: expected a string'],
    ['an annotation without a name', `{${LABELS},"annotations":{"":""}}`, 'annotations: a name is empty'],
    [
      'words as a start',
      `{${LABELS},"startsAt":"yesterday"}`,
      'startsAt: expected an RFC 3339 time, such as 2026-11-30T12:00:00Z',
    ],
    [
      'a number as an end',
      `{${LABELS},"endsAt":1700000000}`,
      'endsAt: expected an RFC 3339 time, such as 2026-11-30T12:00:00Z',
    ],
    [
      'an end before its start',
      `{${LABELS},"startsAt":"2026-01-02T03:04:05Z","endsAt":"2026-01-02T03:04:04Z"}`,
      'endsAt: lies before startsAt',
    ],
    [
      'words as a URL',
      `{${LABELS},"generatorURL":"not a url"}`,
      'generatorURL: expected an absolute URL or path',
    ],
    ['a number as a URL', `{${LABELS},"generatorURL":7}`, 'generatorURL: expected an absolute URL or path'],
    [
      'a number that an equal name hides',
      `{${LABELS},"annotations":{"a":1,"a":"b"}}`,
      'annotations.a: expected a string',
    ],
    ['a number behind another spelling', `{${LABELS},"Labels":{"a":1}}`, 'labels.a: expected a string'],
    [
      'a number among too many labels',
      `{"labels":${manyLabels(1_001, ',"severity":3')}}`,
      'labels.severity: expected a string',
    ],
    [
      'a label without a name among too many',
      `{"labels":${manyLabels(1_001, ',"":"x"')}}`,
      'labels: a name is empty',
    ],
    [
      'too many labels without values',
      `{"labels":${manyLabels(1_100).replaceAll('"v"', '""')}}`,
      'labels: at least one label pair required',
    ],
    ['no labels beside long annotations', `{"labels":null,${LONG}}`, 'labels: required'],
    [
      'long annotations that are a list',
      `{${LABELS},"annotations":["${'x'.repeat(300_000)}"]}`,
      'annotations: expected an object of strings',
    ],
    [
      'too many labels, and words as a start',
      `{"labels":${manyLabels(1_001)},"startsAt":"yesterday"}`,
      'startsAt: expected an RFC 3339 time, such as 2026-11-30T12:00:00Z',
    ],
    [
      'a number behind long annotations in another spelling',
      `{${LABELS},${LONG},"Annotations":{"a":1}}`,
      'annotations.a: expected a string',
    ],
    [
      'labels that null takes back, beside long annotations',
      `{${LABELS},"Labels":null,${LONG}}`,
      'labels: required',
    ],
    [
      'words as a start that an equal name hides, beside long annotations',
      `{${LABELS},${LONG},"startsAt":"yesterday","startsAt":null}`,
      'startsAt: expected an RFC 3339 time, such as 2026-11-30T12:00:00Z',
    ],
    ['a nesting that Go does not follow', `{${LABELS},"x":${nested(9_999)}}`, 'nested too deeply'],
    ['labels that nest as deeply', `{"labels":${nested(9_999)}}`, 'nested too deeply'],
    [
      'annotations that nest as deeply, in the form of Prometheus',
      `{"annotations":{"a":${nested(9_998)}},"endsAt":"","startsAt":"","generatorURL":"",${LABELS}}`,
      'nested too deeply',
    ],
  ])('sets %s apart from its neighbours', (_, element, sentence) => {
    const { alerts, malformed } = parse(`[{${LABELS}},${element},{${LABELS}}]`);

    expect(malformed).toEqual([{ index: 1, sentence }]);
    expect(alerts).toHaveLength(2);
  });

  it.each([
    ['a label that is no JSON', `{"labels":${manyLabels(1_001, ',"a":"\\x"')}}`],
    ['annotations that are no JSON', `{"labels":${manyLabels(1_001)},"annotations":{"a":nul}}`],
  ])('refuses a body with too many labels and %s', (_, element) => {
    expect(() => parse(`[${element}]`)).toThrow(BatchSyntaxError);
  });

  it.each([
    ['nothing but labels', `{${LABELS}}`, { labels: { alertname: 'CheckFailed' }, annotations: {} }],
    ['a null annotation as an empty one', `{${LABELS},"annotations":{"a":null}}`, { annotations: { a: '' } }],
    ['other cases', '{"Labels":{"a":"b"},"ENDSAT":""}', { labels: { a: 'b' }, endsAt: 0 }],
    [
      'label sets given twice as one',
      '{"labels":{"a":"b"},"labels":{"c":"d"}}',
      { labels: { a: 'b', c: 'd' } },
    ],
    ['a label given twice as its last value', '{"labels":{"a":"b","a":"c"}}', { labels: { a: 'c' } }],
    ['labels that null has taken back', '{"labels":null,"labels":{"a":"b"}}', { labels: { a: 'b' } }],
    ['a lone surrogate', '{"labels":{"a":"\\ud83d"}}', { labels: { a: '\ud83d' } }],
  ])('reads %s', (_, element, expected) => {
    const { alerts, malformed } = parse(`[${element}]`);

    expect(malformed).toEqual([]);
    expect(alerts[0]).toMatchObject(expected);
  });

  it('reads __proto__ as a name like any other', () => {
    for (const element of ['{"labels":{"__proto__":"p"}}', '{"Labels":{"__proto__":"p"}}']) {
      expect(Object.entries(parse(`[${element}]`).alerts[0]?.labels ?? {})).toEqual([['__proto__', 'p']]);
    }
  });

  it('takes a byte order mark for nothing', () => {
    const { body, alerts } = parse(`\ufeff[{${LABELS}}]`);

    expect(alerts).toHaveLength(1);
    expect(body.toString()).toBe(`[{${LABELS}}]`);
  });
});

describe('whatever the body is', () => {
  const bodies = fc.oneof(
    fc.array(anyJson, { maxLength: 4 }).chain(rawArray),
    fc
      .array(fc.constantFrom(...AS_PROMETHEUS, ...ODD), { minLength: 1, maxLength: 4 })
      .map((all) => `[${all.join(',')}]`),
  );
  const edits = fc.array(
    fc.tuple(
      fc.nat(1_000),
      fc.nat(3),
      fc.constantFrom('', '"', ',', '{', '}', '[', ']', ':', '\\', '7', ',"endsAt":'),
    ),
    { maxLength: 2 },
  );

  it('it is a batch just where JSON.parse sees an array, and each element is an alert or named', () => {
    fc.assert(
      fc.property(bodies, edits, (whole, changes) => {
        const body = changes.reduce(edited, whole);
        const expected = parsedByTheBook(body);

        if (!Array.isArray(expected)) {
          expect(() => parse(body)).toThrow(BatchSyntaxError);
          return;
        }
        const { alerts, malformed } = parse(body);
        expect(alerts.length + malformed.length).toBe(expected.length);
        const left = expected.filter((_, index) => !malformed.some((one) => one.index === index));
        expect(alerts.map(({ span }) => JSON.parse(textAt(body, span)) as unknown)).toEqual(left);
      }),
      { numRuns: runs(3_000) },
    );
  });

  it('it means the same when it is read again, from memory', () => {
    const memory = new FieldCache();

    fc.assert(
      fc.property(bodies, (body) => {
        const bytes = Buffer.from(body);
        parseBatch(bytes, memory);
        const again = parseBatch(bytes, memory);
        const anew = parseBatch(bytes);

        expect(again.malformed).toEqual(anew.malformed);
        expect(again.alerts.map(meaningOf)).toEqual(anew.alerts.map(meaningOf));
      }),
    );
  });
});

function meaningOf({ labels, annotations, startsAt, endsAt, span }: Alert): object {
  return { labels, annotations, startsAt, endsAt, span };
}

function edited(text: string, [at, removed, added]: readonly [number, number, string]): string {
  const position = at % (text.length + 1);
  return text.slice(0, position) + added + text.slice(position + removed);
}

function parsedByTheBook(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textAt(text: string, { start, end }: { start: number; end: number }): string {
  return Buffer.from(text).toString('utf8', start, end);
}

function parse(text: string): ReturnType<typeof parseBatch> {
  return parseBatch(Buffer.from(text));
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
