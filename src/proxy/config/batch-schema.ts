import { z } from 'zod';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import { jmespathProblem } from './jmespath-problem.ts';
import { problemOf } from '../../platform/config/problem-of.ts';
import { byteSize, checkedText, text } from '../../platform/config/scalars.ts';

const urlTemplateProblem = problemOf(parseUrlTemplate);

/** How a source is asked for several checks of one node at once. */
export const batchSchema = z
  .strictObject({
    label: text.describe(
      'Label that names the check: alerts that differ in it alone are asked about at once.',
    ),
    url: checkedText(urlTemplateProblem).describe(
      'URL template, in which the values of that label stand, joined by commas.',
    ),
    list: checkedText(jmespathProblem).describe(
      'The list of checks in the answer: JMESPath over the JSON body.',
    ),
    name: checkedText(jmespathProblem).describe(
      'The value of the label: JMESPath over an element of that list.',
    ),
    max_response: byteSize
      .prefault('2MB')
      .describe('Longer bodies are refused, and the checks asked for one by one.'),
  })
  .superRefine(({ label, url }, context) => {
    if (urlTemplateProblem(url) !== undefined || parseUrlTemplate(url).labels.includes(label)) return;
    context.addIssue({
      code: 'custom',
      path: ['url'],
      message: `must hold {${label}}, the label of the batch`,
    });
  });
