import { quoteShortened } from '../../platform/text/quote-shortened.ts';
import type { LabelSet } from './alert.ts';
import { isRequestUri } from './generator-url.ts';
import { isObject } from '../../platform/json/is-object.ts';
import { isText } from './go-json.ts';

// What Alertmanager takes as the members of an alert: its schema (api/v2/openapi.yaml) and Alert.Validate.
// By hand: a schema library over every label of every alert costs more than parsing the JSON.

/** The labels, or a sentence that says what is wrong with them. */
export function readLabels(value: unknown): LabelSet | string {
  if (value === undefined || value === null) return 'labels: required';
  const labels = readStrings('labels', value);
  if (typeof labels === 'string' || Object.values(labels).some((item) => item !== '')) return labels;
  return 'labels: at least one label pair required';
}

/** The annotations, or a sentence that says what is wrong with them. */
export function readAnnotations(value: unknown): LabelSet | string {
  return value === undefined || value === null ? {} : readStrings('annotations', value);
}

/** Whether Alertmanager takes this as a generatorURL; it may be left out. */
export function isGeneratorUrl(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'string' && isRequestUri(value);
}

// A null value is the empty string for Alertmanager.
function readStrings(member: 'labels' | 'annotations', value: unknown): LabelSet | string {
  if (!isObject(value)) return `${member}: expected an object of strings`;
  for (const name of Object.keys(value)) {
    const item = value[name];
    if (!isText(item)) return `${member}.${quoteShortened(name)}: expected a string`;
    const text = item ?? '';
    // Alertmanager drops labels without a value, but not annotations.
    if (name === '' && (member === 'annotations' || text !== '')) return `${member}: a name is empty`;
    if (item !== text) value[name] = text;
  }
  return value as LabelSet;
}
