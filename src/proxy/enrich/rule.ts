import type { LabelSet } from '../alert/alert.ts';
import { matchesAll, type Matcher } from '../../alertmanager-api/matcher.ts';
import type { Lookup, FetchedOutput } from './lookup.ts';
import type { UrlTemplate } from '../../platform/http/url-template.ts';

export type ResolvedMode = 'fetch' | 'cached' | 'skip';

/** One source of the configuration, ready to be asked. */
export interface SourceRule {
  readonly source: string;
  /** Another one whenever the settings of the source are others: what they made is not to be mixed. */
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly template: UrlTemplate;
  readonly resolved: ResolvedMode;
  readonly overwrite: boolean;
  /** The annotation that holds the output, or the sentence why there is none. */
  readonly outputAnnotation: string;
  readonly lookup: Lookup;
  /** What the cache still holds for a key, if it is young enough to stand in. */
  readonly lastKnown: (key: string) => FetchedOutput | undefined;
}

/** The first rule whose matchers all match. */
export function findRule(rules: readonly SourceRule[], labels: LabelSet): SourceRule | undefined {
  return rules.find((rule) => matchesAll(rule.matchers, labels));
}
