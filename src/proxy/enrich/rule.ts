import { changedAt, type Alert, type AlertStatus } from '../alert/alert.ts';
import { matchesAll, type Matcher } from '../alert/matcher.ts';
import type { Lookup, Output, Query } from './lookup.ts';
import type { UrlTemplate } from './url-template.ts';

export type ResolvedMode = 'fetch' | 'cached' | 'skip';

/** One source of the configuration, ready to be asked. */
export interface Rule {
  readonly source: string;
  readonly matchers: readonly Matcher[];
  readonly template: UrlTemplate;
  readonly resolved: ResolvedMode;
  readonly overwrite: boolean;
  /** The annotation that holds the output, or the sentence why there is none. */
  readonly outputAnnotation: string;
  readonly lookup: Lookup;
  /** What the cache still holds for a key, if it is young enough to stand in. */
  readonly lastKnown: (key: string) => Output | undefined;
}

/** The first rule whose matchers all match. */
export function findRule(rules: readonly Rule[], alert: Alert): Rule | undefined {
  return rules.find((rule) => matchesAll(rule.matchers, alert.labels));
}

/** The question to ask for an alert, or a sentence why its labels do not make one. */
export function queryFor({ template }: Rule, alert: Alert, status: AlertStatus): Query | string {
  const expanded = template.expand(alert.labels);
  if (typeof expanded === 'string') return expanded;
  return {
    key: expanded.url,
    host: expanded.host.toLowerCase(),
    status,
    changedAt: changedAt(alert, status),
  };
}
