import { readFile } from 'node:fs/promises';

/** Where the converted Alertmanager configuration looks for its templates, from its own folder. */
export const TEMPLATES_FILE = 'templates/sensu.tmpl';

/** The templates that come with the package, which the converted receivers name; rejects if it lacks them. */
export function readShippedTemplates(): Promise<string> {
  // Two levels up from both src/convert-sensu and dist/convert-sensu.
  return readFile(new URL(`../../config/${TEMPLATES_FILE}`, import.meta.url), 'utf8');
}
