import { describe, expect, it } from '@jest/globals';
import { parseBatch } from '../../../../src/proxy/alert/parse.ts';

const LABELS = '"labels":{"alertname":"CheckFailed"}';
const LONG = `"annotations":{"a":"${'x'.repeat(300_000)}"}`;

/** So many members `"l0":"v"`, and what else is given. */
function manyLabels(count: number, more = ''): string {
  return `{${Array.from({ length: count }, (_, index) => `"l${index}":"v"`).join(',')}${more}}`;
}

describe('oversized alerts', () => {
  it.each([
    ['1,001 labels', `{"labels":${manyLabels(1_001)}}`, true],
    ['1,001 labels among which one has no value', `{"labels":${manyLabels(1_001, ',"a":null,"":""')}}`, true],
    ['1,000 labels', `{"labels":${manyLabels(1_000)}}`, undefined],
    ['1,000 labels, large otherwise', `{"labels":${manyLabels(1_000)},"x":${manyLabels(30_000)}}`, undefined],
    ['256 KB of labels', `{"labels":{"a":"${'x'.repeat(256 * 1024 - 8)}"}}`, undefined],
    ['a byte more', `{"labels":{"a":"${'x'.repeat(256 * 1024 - 7)}"}}`, true],
    ['256 KB of labels and annotations', `{${LABELS},"annotations":{"a":"${'x'.repeat(256 * 1024)}"}}`, true],
    ['another spelling, and long annotations', `{"Labels":{"a":"b"},${LONG}}`, true],
    ['labels given twice, and long annotations', `{${LABELS},${LABELS},${LONG}}`, true],
    ['labels that nothing is added to, and long annotations', `{${LABELS},"labels":{},${LONG}}`, true],
    ['labels that null has taken back, and long annotations', `{"labels":null,${LABELS},${LONG}}`, true],
    ['long annotations given before short ones', `{${LABELS},${LONG},"Annotations":{"a":"b"}}`, true],
    ['1,001 labels in another spelling', `{"LABELS":${manyLabels(1_001)}}`, true],
    [
      'more than 1,000 labels in two parts',
      `{"labels":${manyLabels(600)},"labels":${manyLabels(600)}}`,
      true,
    ],
    ['another spelling, large otherwise', `{"Labels":{"a":"b"},"x":${manyLabels(30_000)}}`, undefined],
  ])('takes an alert with %s', (_, element, isOversized) => {
    const { alerts, malformed } = parseBatch(Buffer.from(`[${element}]`));

    expect(malformed).toEqual([]);
    expect(alerts.map((alert) => alert.isOversized)).toEqual([isOversized]);
  });

  it.each([
    ['long annotations', `{${LABELS},${LONG}}`, { alertname: 'CheckFailed' }],
    [
      'labels in two parts, and long annotations',
      `{${LABELS},"Labels":{"a":"b"},${LONG}}`,
      { alertname: 'CheckFailed', a: 'b' },
    ],
    ['1,001 labels', `{"labels":${manyLabels(1_001)}}`, {}],
    ['a label of 300 KB', `{"labels":{"a":"${'x'.repeat(300_000)}"}}`, {}],
  ])('have the labels that are read: with %s', (_, element, labels) => {
    expect(parseBatch(Buffer.from(`[${element}]`)).alerts).toMatchObject([{ labels, annotations: {} }]);
  });
});
