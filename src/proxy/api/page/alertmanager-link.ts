import type { LabelSet } from '../../alert/alert.ts';

// Newer versions take any name in quotes; the filter of older ones would refuse it whole.
const CLASSIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Of the filter before it is encoded: what is left out makes it wider, not wrong. */
const MAX_FILTER = 600;

/** The address of Alertmanager's own page, given where alerts are posted; path_prefix stays. */
export function alertmanagerPage(postUrl: string): string {
  return postUrl.replace(/\/api\/v2\/alerts$/, '/');
}

/** Where Alertmanager shows the alert with these labels. */
export function alertPage(postUrl: string, labels: LabelSet): string {
  return `${alertmanagerPage(postUrl)}#/alerts?filter=${encodeURIComponent(filterFor(labels))}`;
}

function filterFor(labels: LabelSet): string {
  const names = Object.keys(labels).filter((name) => CLASSIC_NAME.test(name) && labels[name] !== '');
  const matchers: string[] = [];
  let length = 0;
  // The name of the alert first: it is the one that must not be left out.
  for (const name of [...names.filter(isAlertname), ...names.filter((other) => !isAlertname(other))]) {
    const matcher = `${name}=${quote((labels[name] ?? '').toWellFormed())}`;
    if (length + matcher.length > MAX_FILTER) continue;
    length += matcher.length;
    matchers.push(matcher);
  }
  return `{${matchers.join(',')}}`;
}

function isAlertname(name: string): boolean {
  return name === 'alertname';
}

// alertmanager pkg/labels: a Go string.
function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
