import type { Alert } from '../../../../src/proxy/alert/alert.ts';
import { parseMatcher } from '../../../../src/alertmanager-api/matcher.ts';
import { AnnotationSet } from '../../../../src/proxy/alert/splice.ts';
import type { LookupResult, FetchedOutput } from '../../../../src/proxy/enrich/lookup.ts';
import type { SourceRule } from '../../../../src/proxy/enrich/rule.ts';
import { parseUrlTemplate } from '../../../../src/platform/http/url-template.ts';

export const NOW = Date.UTC(2026, 0, 2);

const NOWHERE: Alert['span'] = {
  start: 0,
  end: 0,
  annotations: undefined,
  endsAt: undefined,
  startsAt: undefined,
  generatorURL: undefined,
  labels: undefined,
  form: 'plain',
};

/** An alert that fires since a minute. */
export function alertOf(labels: Record<string, string>, parts: Partial<Alert> = {}): Alert {
  return {
    labels: { alertname: 'CheckFailed', ...labels },
    annotations: {},
    annotationNames: Object.keys(parts.annotations ?? {}),
    annotation: (name) => parts.annotations?.[name],
    startsAt: NOW - 60_000,
    endsAt: NOW + 240_000,
    span: NOWHERE,
    ...parts,
  };
}

/** A rule for alerts with the label `check`, whose lookup answers as given. */
export function ruleOf(parts: Partial<SourceRule> = {}): SourceRule {
  return {
    source: 'node-agent',
    id: 'node-agent',
    matchers: [parseMatcher('check=~".+"')],
    template: parseUrlTemplate('http://{instance}/checks/{check}'),
    resolved: 'fetch',
    overwrite: false,
    outputAnnotation: 'check_output',
    lookup: () => fresh('DISK OK'),
    lastKnown: () => undefined,
    ...parts,
  };
}

export function fresh(text: string): LookupResult {
  return { ok: true, cached: false, output: outputOf(text) };
}

export function outputOf(text: string, fetchedAt = NOW): FetchedOutput {
  const annotations = new AnnotationSet({ check_output: text });
  return { fetchedAt, annotations: { firing: annotations, resolved: annotations }, hasResult: true };
}
