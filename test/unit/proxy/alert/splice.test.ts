import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBatch } from '../../../../src/proxy/alert/parse.ts';
import { AnnotationSet, spliceBatch, type AnnotationPlan } from '../../../../src/proxy/alert/splice.ts';
import {
  anyJson,
  anyText,
  joined,
  rawAnnotations,
  rawArray,
  rawLabels,
  unknownMembers,
  type RawMember,
} from '../../../support/arbitrary-json.ts';

const LABELS = '"labels":{"a":"b"}';

const anyAlert = fc
  .tuple(rawLabels, fc.option(fc.oneof(rawAnnotations, fc.constant('null'))), unknownMembers)
  .map(([labels, own, unknown]): RawMember[] => [
    ['"labels"', labels],
    ...(own === null ? [] : [['"annotations"', own] as const]),
    ...unknown,
  ])
  .chain((members) => fc.shuffledSubarray(members, { minLength: members.length }));

const batchOfAlerts = fc
  .array(anyAlert, { minLength: 1, maxLength: 4 })
  .chain((alerts) =>
    fc.tuple(fc.constant(alerts), fc.tuple(...alerts.map((members) => joined(members))).chain(rawArray)),
  );

const annotations = fc.dictionary(
  fc.constantFrom('check_output', 'check_status_text', 'summary'),
  anyText.map((text) => text.toWellFormed()),
  { noNullPrototype: true },
);

describe('spliceBatch', () => {
  it.each([
    ['an alert without annotations', `{${LABELS}}`, `{"annotations":{"check_output":"DISK OK"},${LABELS}}`],
    [
      'annotations that are null',
      `{${LABELS},"annotations":null}`,
      `{${LABELS},"annotations":{"check_output":"DISK OK"}}`,
    ],
    [
      'empty annotations',
      `{"annotations": { } ,${LABELS}}`,
      `{"annotations": {"check_output":"DISK OK"} ,${LABELS}}`,
    ],
    [
      'annotations of other names',
      `{"annotations":{"summary" : "s" },${LABELS}}`,
      `{"annotations":{"summary" : "s" ,"check_output":"DISK OK"},${LABELS}}`,
    ],
    [
      'annotations with white space behind them, in the form of Prometheus',
      `{"annotations":{"summary":"s"} ,"endsAt":"","startsAt":"","generatorURL":"",${LABELS}}`,
      `{"annotations":{"summary":"s","check_output":"DISK OK"} ,"endsAt":"","startsAt":"","generatorURL":"",${LABELS}}`,
    ],
    [
      'annotations spelled with escapes',
      `{${LABELS},"\\u0061nnotations":{"summary":"s"}}`,
      `{${LABELS},"\\u0061nnotations":{"summary":"s","check_output":"DISK OK"}}`,
    ],
    [
      'annotations in capitals',
      `{${LABELS},"Annotations":{"summary":"s"}}`,
      `{${LABELS},"Annotations":{"summary":"s","check_output":"DISK OK"}}`,
    ],
    [
      'annotations given twice',
      `{"annotations":{"one":"1"},"annotations":{"two":"2"},${LABELS}}`,
      `{"annotations":{"one":"1"},"annotations":{"two":"2","check_output":"DISK OK"},${LABELS}}`,
    ],
    [
      'annotations of something unknown, nested',
      `{"x":{"annotations":{"a":1}},${LABELS}}`,
      `{"annotations":{"check_output":"DISK OK"},"x":{"annotations":{"a":1}},${LABELS}}`,
    ],
  ])('writes into %s', (_, element, expected) => {
    expect(spliced(`[${element}]`, [annotating({ check_output: 'DISK OK' })])).toBe(`[${expected}]`);
  });

  it.each([
    ['keeps', annotating({ check_output: 'DISK OK' }), 'mine'],
    ['replaces, if told to,', annotating({ check_output: 'DISK OK' }, true), 'DISK OK'],
  ])('%s an annotation of the same name', (_, added, expected) => {
    const batch = `[{"annotations":{"check_output":"mine","summary":"s"},${LABELS}}]`;

    expect(JSON.parse(spliced(batch, [added]))).toEqual([
      { annotations: { check_output: expected, summary: 's' }, labels: { a: 'b' } },
    ]);
  });

  it('says where each alert lies in the new body', () => {
    const { body, alerts } = parseBatch(Buffer.from(`[{${LABELS}}, {${LABELS},"x":1}]`));

    const result = spliceBatch(body, alerts, [annotating({ check_output: 'DISK OK' }), undefined]);

    expect(result.spans.map(({ start, end }) => result.body.toString('utf8', start, end))).toEqual([
      `{"annotations":{"check_output":"DISK OK"},${LABELS}}`,
      `{${LABELS},"x":1}`,
    ]);
  });
});

describe('whatever a batch holds', () => {
  it('each element is an alert or is named as malformed, and what nobody annotates leaves as it came', () => {
    const batches = fc
      .array(fc.oneof(anyJson, anyAlert.chain(joined)), { maxLength: 5 })
      .chain((elements) => fc.tuple(fc.constant(elements), rawArray(elements)));

    fc.assert(
      fc.property(batches, ([elements, text]) => {
        const { body, alerts, malformed } = parseBatch(Buffer.from(text));
        const leftOut = malformed.map(({ index }) => index);

        expect(alerts.length + malformed.length).toBe(elements.length);
        expect(spliceBatch(body, alerts, []).body.toString()).toBe(
          `[${elements.filter((_, index) => !leftOut.includes(index)).join(',')}]`,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('all alerts leave, in order, and all their members but annotations byte for byte', () => {
    fc.assert(
      fc.property(batchOfAlerts, annotations, fc.boolean(), ([alerts, text], added, overwrite) => {
        const forwarded = spliced(
          text,
          alerts.map(() => annotating(added, overwrite)),
        );

        expect(JSON.parse(forwarded)).toHaveLength(alerts.length);
        expectInOrder(
          forwarded,
          alerts.flatMap((members) => members.filter(([name]) => name !== '"annotations"')),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('alerts keep their annotations and get all new ones', () => {
    fc.assert(
      fc.property(batchOfAlerts, annotations, fc.boolean(), ([, text], added, overwrite) => {
        const { alerts } = parseBatch(Buffer.from(text));
        const forwarded = parseBatch(
          Buffer.from(
            spliced(
              text,
              alerts.map(() => annotating(added, overwrite)),
            ),
          ),
        );

        forwarded.alerts.forEach(({ labels, annotations }, index) => {
          const before = alerts[index]?.annotations;
          expect(labels).toEqual(alerts[index]?.labels);
          expect(annotations).toEqual(overwrite ? { ...before, ...added } : { ...added, ...before });
        });
      }),
      { numRuns: 300 },
    );
  });
});

function annotating(entries: Record<string, string>, overwrite = false): AnnotationPlan {
  return { annotations: new AnnotationSet(entries), overwrite };
}

function spliced(text: string, annotatings: readonly (AnnotationPlan | undefined)[]): string {
  const { body, alerts } = parseBatch(Buffer.from(text));
  return spliceBatch(body, alerts, annotatings).body.toString();
}

// Each name and each value, one after the other, somewhere in the text.
function expectInOrder(text: string, members: readonly RawMember[]): void {
  let position = 0;
  for (const piece of members.flat()) {
    const found = text.indexOf(piece, position);
    expect({ piece, isThere: found >= 0 }).toEqual({ piece, isThere: true });
    position = found + piece.length;
  }
}
