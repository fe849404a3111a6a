import { z } from 'zod';
import { ERROR_ANNOTATION } from '../enrich/annotation-names.ts';
import { jmespathProblem } from './jmespath-problem.ts';
import { checkedText } from '../../platform/config/scalars.ts';

const expression = checkedText(jmespathProblem);

const perStatus = z.strictObject({
  firing: expression.describe('While the alert fires.'),
  resolved: expression.describe('Once it is resolved.'),
});

/** Annotations to write: for each what to take from the answer, always the same or by the state of the alert. */
export const annotationsSchema = z
  .record(
    checkedText(annotationNameProblem),
    z.union([expression, perStatus], {
      error: 'must be a JMESPath expression, or a block with one under firing and one under resolved',
    }),
  )
  .refine((entries) => Object.keys(entries).length > 0, { error: 'must name at least one annotation' });

// Alertmanager takes other names only since 0.27.
function annotationNameProblem(name: string): string | undefined {
  if (name === ERROR_ANNOTATION) return 'is reserved for the reason code of a failed fetch';
  if (/^[a-zA-Z_][a-zA-Z\d_]*$/.test(name)) return undefined;
  return 'must consist of letters, digits and _, and start with a letter or _';
}
