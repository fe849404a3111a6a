import { describe, expect, it } from '@jest/globals';
import { AnnotationSet } from '../../../../src/proxy/alert/splice.ts';
import { withMismatchNote } from '../../../../src/proxy/enrich/status-mismatch.ts';
import { alertOf } from './alerts-and-rules.ts';

const DISK_WARNING = { check_output: 'DISK WARNING', check_status: '1', client_address: '10.0.2.100' };

describe('statusCompared', () => {
  it.each([
    ['of the same status', { check_status: '1' }, DISK_WARNING],
    ['whose rule tells no status', {}, DISK_WARNING],
    ['whose annotation of that name is no status', { check_status: 'down' }, DISK_WARNING],
    ['where the source tells no status', { check_status: '2' }, { check_output: 'DISK WARNING' }],
    ['where the source tells another thing', { check_status: '2' }, { ...DISK_WARNING, check_status: 'low' }],
  ])('leaves the output of an alert %s', (_, annotations, found) => {
    const set = new AnnotationSet(found);

    expect(withMismatchNote(set, alertOf({}, { annotations }), 'check_output')).toBe(set);
  });

  it('says that the output is of another status', () => {
    const alert = alertOf({}, { annotations: { check_status: '2' } });

    expect(withMismatchNote(new AnnotationSet(DISK_WARNING), alert, 'check_output').entries).toEqual({
      ...DISK_WARNING,
      check_output:
        'The check has changed: this is what it said as WARNING, and the alert is about CRITICAL.\nDISK WARNING',
    });
  });

  it('is not misled by an output that looks like a status', () => {
    const set = new AnnotationSet({ ...DISK_WARNING, check_output: '"check_status":"2"' });
    const alert = alertOf({}, { annotations: { check_status: '2' } });

    expect(withMismatchNote(set, alert, 'check_output')).not.toBe(set);
  });
});
