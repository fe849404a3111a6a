import { readPackageFile } from '../platform/file/package-files.ts';

/** Where the converted Alertmanager configuration looks for its templates, from its own folder. */
export const TEMPLATES_FILE = 'templates/sensu.tmpl';

/** The templates that come with the package, which the converted receivers name; rejects if it lacks them. */
export function readShippedTemplates(): Promise<string> {
  return readPackageFile(`config/${TEMPLATES_FILE}`);
}
