import { formatDuration } from '../platform/time/duration.ts';
import { changedAt, statusAt, type Alert, type LabelSet } from '../proxy/alert/alert.ts';
import type { Matcher } from '../alertmanager-api/matcher.ts';
import { escapeInvisible } from '../platform/text/invisible.ts';
import { planAnnotations, type Enriched, type Enrichment } from '../proxy/enrich/enricher.ts';
import { sentenceOf } from '../proxy/enrich/failure-annotations.ts';
import type { Reason } from '../proxy/enrich/reason.ts';
import type { SourceRule } from '../proxy/enrich/rule.ts';
import type { Explanation } from './explain.ts';

/** What an operator can do about each reason. */
const ADVICE: Readonly<Record<Reason, string>> = {
  connect_timeout: 'Is the node up? Does a firewall drop the packets? connect_timeout says how long to wait.',
  timeout: 'Ask the URL with curl from here. timeout says how long a whole fetch may take.',
  deadline: 'enrichment.deadline is over before the fetch is: lower timeout, or raise deadline.',
  refused: 'Nothing listens there: does the agent run, and is it the right port?',
  network: 'The connection broke off: look at the log of the agent.',
  dns: 'Does the name resolve on this machine? See `getent hosts NAME`.',
  tls: 'Look at tls_config of the source: ca_file, server_name.',
  blocked: 'Add port, host or network to `allow` of the source, if the proxy may connect there.',
  not_found: 'Is the check name the one that the agent knows? Look at its /checks.',
  http_4xx: 'Look at basic_auth or authorization of the source.',
  http_5xx: 'Look at the log of the agent.',
  too_large: 'Raise max_response of the source, or make the check print less.',
  bad_response: 'Ask the URL with curl, and compare the answer with the expressions under annotations.',
  circuit_open: 'The host failed a moment ago; it is asked again after cache.negative_ttl.',
  overloaded: 'More alerts than the limits under enrichment allow.',
  template: 'The URL needs labels that the alert does not have: add them as matchers, or change url.',
};

// eslint-disable-next-line no-control-regex -- control characters are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Writes an explanation for people: an alert after the other, and how many became what. */
export function renderExplanation({ batch, rules, enrichments }: Explanation, now: number): string {
  const malformed = batch.malformed.map(
    ({ index, sentence }) => `element ${index + 1} would be left out: ${sentence}\n`,
  );
  const alerts = batch.alerts.map((alert, index) => {
    const title = `alert ${index + 1} of ${batch.alerts.length}: ${titleOf(alert, now)}`;
    const enrichment = enrichments[index] ?? { kind: 'unmatched' };
    return [title, ...bodyOf(alert, enrichment, rules, now).map((line) => `  ${line}`), ''].join('\n');
  });
  return visible([...malformed, ...alerts, `${summaryOf(enrichments, batch.malformed.length)}\n`].join('\n'));
}

function summaryOf(enrichments: readonly Enrichment[], malformed: number): string {
  const kinds = [...enrichments.map(outcomeOf), ...Array<string>(malformed).fill('left out')];
  if (kinds.length === 0) return 'the batch is empty';
  return [...new Set(kinds)]
    .map((kind) => `${kinds.filter((one) => one === kind).length} ${kind}`)
    .join(', ');
}

function outcomeOf(enrichment: Enrichment): string {
  if (enrichment.kind !== 'asked') return enrichment.kind;
  return enrichment.result.ok ? 'with output' : enrichment.result.reason;
}

// What stands in an alert could otherwise colour the terminal, or clear it.
function visible(text: string): string {
  const controls = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return escapeInvisible(text.replace(CONTROLS, controls));
}

function titleOf(alert: Alert, now: number): string {
  const { alertname = '', ...others } = alert.labels;
  const labels = Object.entries(others).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const status = statusAt(alert, now);
  const since = changedAt(alert, status);
  const age =
    since === 0 ? '' : ` since ${formatDuration(Math.max(0, Math.round((now - since) / 1000) * 1000))}`;
  return `${alertname}{${labels.join(', ')}}, ${status}${age}`;
}

function bodyOf(alert: Alert, enrichment: Enrichment, rules: readonly SourceRule[], now: number): string[] {
  if (alert.isOversized === true) {
    return ['source       not looked for: the alert is too large to be read, and leaves as it came'];
  }
  if (enrichment.kind === 'unmatched') {
    return [
      'source       none matches; the alert leaves as it came',
      ...rules.flatMap((rule) => whyNot(rule, alert.labels)),
    ];
  }
  const source = `source       ${enrichment.rule.source}: ${describeMatchers(enrichment.rule.matchers)}`;
  if (enrichment.kind === 'skipped') {
    return [
      source,
      `result       nothing is asked for resolved alerts (resolved: ${enrichment.rule.resolved})`,
    ];
  }
  return [source, ...resultLines(enrichment), 'annotations', ...annotationLines(alert, enrichment, now)];
}

function whyNot({ source, matchers }: SourceRule, labels: LabelSet): string[] {
  return matchers
    .filter((matcher) => !matcher.matches(labels))
    .map(
      (matcher) =>
        `             ${source}: ${describeMatcher(matcher)}, but ${valueOf(matcher.name, labels)}`,
    );
}

function valueOf(name: string, labels: LabelSet): string {
  return Object.hasOwn(labels, name)
    ? `${name} is ${JSON.stringify(labels[name])}`
    : `the alert has no ${name}`;
}

function describeMatchers(matchers: readonly Matcher[]): string {
  return matchers.length === 0 ? 'takes every alert' : matchers.map(describeMatcher).join(', ');
}

function describeMatcher({ name, operator, value }: Matcher): string {
  return `${name}${operator}${JSON.stringify(value)}`;
}

function resultLines({ query, result, milliseconds }: Enriched): string[] {
  const url = `url          ${query?.url ?? 'none'}`;
  if (result.ok) return [url, `result       ok, ${milliseconds} ms`];
  return [
    url,
    `result       ${result.reason}, ${milliseconds} ms: ${sentenceOf({ ...result, host: query?.host })}`,
    `what to do   ${ADVICE[result.reason]}`,
  ];
}

const IF_SAVED = 'if you saved the alert from Alertmanager, the proxy wrote it: Prometheus does not send it';

// Marks as in a diff: what was there, what is new, what the alert had and keeps.
function annotationLines(alert: Alert, asked: Enriched, now: number): string[] {
  const annotating = planAnnotations(alert, asked, now);
  const added = annotating?.annotations.entries ?? {};
  const kept = Object.entries(alert.annotations).flatMap(([name, value]) => {
    const isReplaced = annotating?.overwrite === true && Object.hasOwn(added, name);
    return valueLines(isReplaced ? '-' : ' ', name, value);
  });
  const written = Object.entries(added).flatMap(([name, value]) => {
    if (!Object.hasOwn(alert.annotations, name) || annotating?.overwrite === true)
      return valueLines('+', name, value);
    return [`  ! ${name}: not written, the alert has one already (overwrite: false); ${IF_SAVED}`];
  });
  return [...kept, ...written];
}

function valueLines(mark: string, name: string, value: string): string[] {
  const [first = '', ...rest] = value.replace(/\n$/, '').split('\n');
  return [`  ${mark} ${name}: ${first}`, ...rest.map((line) => `  ${mark}   ${line}`)];
}
