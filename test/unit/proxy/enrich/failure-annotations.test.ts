import { describe, expect, it } from '@jest/globals';
import { AnnotationSet } from '../../../../src/proxy/alert/splice.ts';
import type { FetchedOutput } from '../../../../src/proxy/enrich/lookup.ts';
import {
  agedAnnotations,
  failureAnnotations,
  sentenceOf,
} from '../../../../src/proxy/enrich/failure-annotations.ts';
import { REASONS } from '../../../../src/proxy/enrich/reason.ts';

const NOW = Date.UTC(2026, 0, 2);

describe('failureAnnotations', () => {
  it('writes the sentence and the reason code', () => {
    const { entries } = failureAnnotations({ ok: false, reason: 'refused' }, 'check_output', 'firing', NOW);

    expect(entries).toEqual({
      check_output: 'could not fetch check output: the node refused the connection',
      check_fetch_error: 'refused',
    });
  });

  it('keeps the last known output below the sentence, and the other annotations as they were', () => {
    const last = outputOf(NOW - 90_000, { check_output: 'DISK CRITICAL', check_status_text: 'CRITICAL' });

    const { entries } = failureAnnotations(
      { ok: false, reason: 'timeout', last },
      'check_output',
      'firing',
      NOW,
    );

    expect(entries).toEqual({
      check_output:
        'could not fetch check output: the node did not answer in time\nlast known output, 1m old:\nDISK CRITICAL',
      check_status_text: 'CRITICAL',
      check_fetch_error: 'timeout',
    });
  });

  it('takes the last output for the status of the alert', () => {
    const last = {
      fetchedAt: NOW,
      annotations: {
        firing: new AnnotationSet({ check_output: 'CRITICAL' }),
        resolved: new AnnotationSet({ check_output: 'OK' }),
      },
      hasResult: true,
    };

    const { entries } = failureAnnotations(
      { ok: false, reason: 'dns', last },
      'check_output',
      'resolved',
      NOW,
    );

    expect(entries['check_output']).toMatch(/:\nOK$/);
  });

  it.each([
    [0, '1s'],
    [-5_000, '1s'],
    [1_999, '1s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [119_999, '1m'],
    [3_599_999, '59m'],
    [3_660_000, '1h1m'],
    [90_000_000, '1d1h'],
  ])('says of output from %d ms ago that it is %s old', (age, words) => {
    const last = outputOf(NOW - age, { check_output: 'x' });

    const { entries } = failureAnnotations(
      { ok: false, reason: 'timeout', last },
      'check_output',
      'firing',
      NOW,
    );

    expect(entries['check_output']).toContain(`\nlast known output, ${words} old:\n`);
  });
});

describe('agedAnnotations', () => {
  it('marks the output as the last known one, and leaves the other annotations as they were', () => {
    const last = outputOf(NOW - 90_000, { check_output: 'DISK CRITICAL', check_command: 'check-disk' });

    expect(agedAnnotations(last, 'check_output', 'resolved', NOW).entries).toEqual({
      check_output: 'last known output, 1m old:\nDISK CRITICAL',
      check_command: 'check-disk',
    });
  });
});

describe('sentenceOf', () => {
  it('has other words for every reason', () => {
    const sentences = REASONS.map((reason) => sentenceOf({ reason }));

    expect(new Set(sentences).size).toBe(REASONS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^could not fetch check output: [a-z][^.]+$/);
  });

  it('adds the detail in brackets', () => {
    expect(sentenceOf({ reason: 'http_5xx', detail: 'HTTP status 503' })).toBe(
      'could not fetch check output: the node answered with an error (HTTP status 503)',
    );
  });
});

function outputOf(fetchedAt: number, entries: Record<string, string>): FetchedOutput {
  const annotations = new AnnotationSet(entries);
  return { fetchedAt, annotations: { firing: annotations, resolved: annotations }, hasResult: true };
}
