import type { Finding } from '../../platform/config/finding.ts';
import { loadConfigFile, type LoadedFile } from '../../platform/config/load-file.ts';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import { parseMatcher } from '../../alertmanager-api/matcher.ts';
import { webConfigFileSchema, type DetailsConfig, type WebConfigFile } from './schema.ts';

/**
 * Reads and checks the configuration of `web`.
 * Throws a ConfigError with everything that is wrong, in the order of the file.
 */
export function loadWebConfigFile(file: string): Promise<LoadedFile<WebConfigFile>> {
  return loadConfigFile(file, { schema: webConfigFileSchema, hintsFor });
}

/** What is valid but hardly meant: a URL with a label that no matcher makes sure of. */
function hintsFor({ details, labels }: WebConfigFile): Finding[] {
  return details.flatMap((source, index) =>
    (['list', 'check'] as const).flatMap((key) =>
      unsureLabels(source, key)
        .filter((label) => label !== labels.check)
        .map((label) => ({
          path: ['details', index, key],
          sentence: `a node without label ${label} has no URL; add a matcher such as ${label}=~".+"`,
        })),
    ),
  );
}

function unsureLabels(source: DetailsConfig, key: 'list' | 'check'): string[] {
  const sure = source.matchers.map(parseMatcher).filter((matcher) => !matcher.matches({}));
  return parseUrlTemplate(source[key]).labels.filter((label) => !sure.some(({ name }) => name === label));
}
