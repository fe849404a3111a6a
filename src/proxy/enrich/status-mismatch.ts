import type { Alert } from '../alert/alert.ts';
import { AnnotationSet } from '../alert/splice.ts';
import { STATUS_ANNOTATION } from './annotation-names.ts';

/** The states of a check as Sensu and Nagios call them. */
const WORDS: Readonly<Record<string, string>> = { 0: 'OK', 1: 'WARNING', 2: 'CRITICAL', 3: 'UNKNOWN' };

/**
 * Says of an output that it belongs to another status than the one that the alert is about: the check has moved on since
 * its rule looked. Only where both tell their status, as 0 to 3.
 * @param annotations those of a firing alert
 * @param outputAnnotation the annotation that holds the output
 */
export function withMismatchNote(
  annotations: AnnotationSet,
  alert: Pick<Alert, 'annotation'>,
  outputAnnotation: string,
): AnnotationSet {
  const expected = alert.annotation(STATUS_ANNOTATION);
  if (expected === undefined || annotations.has(STATUS_ANNOTATION, expected)) return annotations;
  const { entries } = annotations;
  const [wanted, told] = [expected, entries[STATUS_ANNOTATION] ?? ''].map((status) => WORDS[status]);
  if (wanted === undefined || told === undefined) return annotations;
  const sentence = `The check has changed: this is what it said as ${told}, and the alert is about ${wanted}.`;
  return new AnnotationSet({
    ...entries,
    [outputAnnotation]: `${sentence}\n${entries[outputAnnotation] ?? ''}`,
  });
}
