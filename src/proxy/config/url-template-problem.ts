import { describeError } from '../../platform/log.ts';
import { parseUrlTemplate } from '../enrich/url-template.ts';

/** Why this text is not a URL template such as `http://{instance}/checks/{check}`; undefined if it is one. */
export function urlTemplateProblem(text: string): string | undefined {
  try {
    parseUrlTemplate(text);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}
