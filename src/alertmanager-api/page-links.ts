import type { LabelSet } from './matcher.ts';
import { quote } from './write-matcher.ts';

// Newer versions take any name in quotes; the filter of older ones would refuse it whole.
const CLASSIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Of the filter as it stands in the link; what is left out makes it wider, not wrong. */
const MAX_FILTER = 1_000;

/** The address of Alertmanager's own page, given where alerts are posted; path_prefix stays. */
export function alertmanagerPage(postUrl: string): string {
  return postUrl.replace(/\/api\/v2\/alerts$/, '/');
}

/** Where Alertmanager shows the alert with these labels. */
export function alertPage(postUrl: string, labels: LabelSet): string {
  return `${alertmanagerPage(postUrl)}#/alerts?filter=${encodedFilter(labels)}`;
}

function encodedFilter(labels: LabelSet): string {
  const names = Object.keys(labels).filter((name) => CLASSIC_NAME.test(name) && labels[name] !== '');
  // The name of the alert first: it is the one that must not be left out.
  names.sort((a, b) => Number(b === 'alertname') - Number(a === 'alertname'));
  let filter = '';
  for (const name of names) {
    const matcher = encodeURIComponent(`${name}=${quote(labels[name] ?? '')}`);
    if (filter.length + matcher.length < MAX_FILTER) filter += `${filter === '' ? '' : ','}${matcher}`;
  }
  return `%7B${filter}%7D`;
}
