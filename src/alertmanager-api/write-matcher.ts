/** A matcher of Alertmanager for a label that is exactly this. */
export function labelIs(label: string, value: string): string {
  return `${label}=${quote(value)}`;
}

/** A matcher of Alertmanager for a label that is one of these. */
export function labelIsAnyOf(label: string, values: readonly string[]): string {
  const [value, ...others] = values;
  return value !== undefined && others.length === 0 ? labelIs(label, value) : `${label}=~${regexOf(values)}`;
}

/** A matcher of Alertmanager for a label that is none of these. */
export function labelIsNoneOf(label: string, values: readonly string[]): string {
  return `${label}!~${regexOf(values)}`;
}

/** The string literal, of PromQL and of a matcher, with the regular expression that matches these and nothing else. */
export function regexOf(values: readonly string[]): string {
  return quote(values.map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'));
}

/**
 * A string literal of a matcher and of PromQL. Both know these escapes, and end at the characters themselves
 * (Alertmanager: pkg/labels/parse.go, as in Go).
 */
export function quote(text: string): string {
  return `"${text.toWellFormed().replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
