import { LABELS, type OddElement } from './odd-element.ts';
import { oddTimes } from './odd-times.ts';
import { oddUrls } from './odd-urls.ts';

function elements(): OddElement[] {
  return [
    ['labels alone', `{${LABELS}}`],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['an empty array', '[]'],
    ['an alert in an array of its own', `[{${LABELS}}]`],
    ['a number', '7'],
    ['a string', '"alert"'],
    ['true', 'true'],
    ['unknown fields', `{${LABELS},"status":"firing","nested":{"a":[1,{"b":null}]}}`],
    ['numbers that no double holds', `{${LABELS},"a":1e400,"b":12345678901234567890,"c":-0.0}`],
    ['a field named __proto__', `{${LABELS},"__proto__":{"labels":1}}`],
    [
      'fields that Alertmanager itself writes',
      `{${LABELS},"fingerprint":7,"updatedAt":false,"receivers":{}}`,
    ],
    ['white space everywhere', ` \t\r\n{ \n"labels" :\t{ "alertname"\r:  "Odd" } , "x" : 1 } `],
    ['something nested as deep as Go reads', `{${LABELS},"x":${nested(9_998)}}`],
    ['something nested deeper', `{${LABELS},"x":${nested(9_999)}}`],
  ];
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function labelSets(member: 'labels' | 'annotations'): OddElement[] {
  const row = (sentence: string, value: string): OddElement => [
    `${member}: ${sentence}`,
    `{"${member}":${value}}`,
  ];
  return [
    row('null', 'null'),
    row('none', '{}'),
    row('a string', '"a"'),
    row('an array', '[]'),
    row('an array of pairs', '[["a","b"]]'),
    row('a number', '7'),
    row('false', 'false'),
    row('an empty value', '{"a":""}'),
    row('an empty value beside another', '{"a":"","b":"c"}'),
    row('a null value', '{"a":null}'),
    row('a null value beside another', '{"a":null,"b":"c"}'),
    row('a number as a value', '{"a":7}'),
    row('a boolean as a value', '{"a":true}'),
    row('an object as a value', '{"a":{}}'),
    row('an array as a value', '{"a":["b"]}'),
    row('a value with NUL and ESC', '{"a":"\\u0000\\u001b[1m"}'),
    row('a value with a lone high surrogate', '{"a":"\\ud83d"}'),
    row('a value with a lone low surrogate', '{"a":"x\\udc00y"}'),
    row('a name with a lone surrogate', '{"\\ud83d":"b"}'),
    row('a very long value', `{"a":"${'x'.repeat(100_000)}"}`),
    row('a name that is empty', '{"":"b","c":"d"}'),
    row('a name that is empty, with an empty value', '{"":"","c":"d"}'),
    row('a name with a dot', '{"a.b":"c"}'),
    row('a name with a dash', '{"a-b":"c"}'),
    row('a name with a colon', '{"a:b":"c"}'),
    row('a name that starts with a digit', '{"1a":"c"}'),
    row('a name in Japanese', '{"警告":"c"}'),
    row('a name spelled with escapes', '{"\\u0061\\/":"c"}'),
    row('a name spelled with escapes, valid', '{"\\u0061b":"c"}'),
    row('the name __proto__', '{"__proto__":"b"}'),
    row('the name __proto__ with a null value', '{"__proto__":null,"a":"b"}'),
    row('the names constructor and toString', '{"constructor":"a","toString":"b"}'),
    row('a name given twice', '{"a":"b","a":"c"}'),
    row('a name given twice, last empty', '{"a":"b","a":""}'),
    row('a name given twice, first a number', '{"a":7,"a":"c"}'),
    row('a name given twice, first an object', '{"a":{"b":"c"},"a":"c"}'),
    row('a name given twice, once with escapes, first a number', '{"a":7,"\\u0061":"c"}'),
  ];
}

function spellings(): OddElement[] {
  return [
    [
      'members with capital letters',
      '{"Labels":{"alertname":"Odd"},"Annotations":{"a":"b"},"StartsAt":"2026-01-02T03:04:05Z"}',
    ],
    ['members in capital letters', '{"LABELS":{"alertname":"Odd"},"ANNOTATIONS":{"a":"b"}}'],
    ['members spelled with escapes', '{"l\\u0061bels":{"alertname":"Odd"},"\\u0061nnotations":{"a":"b"}}'],
    ['members with a long s', '{"labelſ":{"alertname":"Odd"}}'],
    ['a bad value under another spelling of labels', `{${LABELS},"Labels":7}`],
    ['a bad value under another spelling of annotations', `{${LABELS},"Annotations":{"a":7}}`],
    ['a bad time under another spelling', `{${LABELS},"ENDSAT":"yesterday"}`],
    ['a bad URL under another spelling', `{${LABELS},"GeneratorUrl":"not a url"}`],
    ['labels given twice', '{"labels":{"a":"b"},"labels":{"c":"d"}}'],
    ['labels given twice, then none', '{"labels":{"a":"b"},"labels":{}}'],
    ['labels given twice, then null', '{"labels":{"a":"b"},"labels":null}'],
    ['labels given twice, first a bad value', `{"labels":{"a":7},${LABELS}}`],
    ['labels given twice, first a string', `{"labels":"a",${LABELS}}`],
    ['labels given twice, first null', `{"labels":null,${LABELS}}`],
    ['labels given twice, first taken back by the second', '{"labels":{"a":"b"},"labels":{"a":""}}'],
    ['labels given twice, under different spellings', '{"Labels":{"a":"b"},"labels":{"c":"d"}}'],
    ['annotations given twice', `{${LABELS},"annotations":{"a":"b"},"annotations":{"c":"d"}}`],
    [
      'annotations given twice, first a bad value',
      `{${LABELS},"annotations":{"a":7},"annotations":{"c":"d"}}`,
    ],
    ['annotations given twice, then null', `{${LABELS},"annotations":{"a":"b"},"annotations":null}`],
    [
      'a time given twice, first a bad one',
      `{${LABELS},"startsAt":"yesterday","startsAt":"2026-01-02T03:04:05Z"}`,
    ],
    ['a time given twice, then null', `{${LABELS},"endsAt":"2026-01-02T03:04:05Z","endsAt":null}`],
    ['a time given twice, first a number', `{${LABELS},"startsAt":7,"startsAt":"2026-01-02T03:04:05Z"}`],
    ['a URL given twice, first a bad one', `{${LABELS},"generatorURL":"not a url","generatorURL":"/graph"}`],
    ['a URL given twice, first a number', `{${LABELS},"generatorURL":7,"generatorURL":"/graph"}`],
    ['an unknown field given twice', `{${LABELS},"x":1,"x":{"y":2,"y":3}}`],
  ];
}

/** Every way to write one element that Alertmanager might take or refuse; nothing in here says which. */
export const ODD_ELEMENTS: readonly OddElement[] = [
  ...elements(),
  ...labelSets('labels'),
  ...labelSets('annotations').map(([sentence, element]): OddElement => [
    sentence,
    element.replace('{', `{${LABELS},`),
  ]),
  ...oddTimes(),
  ...oddUrls(),
  ...spellings(),
];
