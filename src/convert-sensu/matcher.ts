/** A matcher of Alertmanager for a label that is exactly this. */
export function labelIs(label: string, value: string): string {
  return `${label}=${literal(value)}`;
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
  return literal(values.map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'));
}

// Both know these escapes, and would end at the characters themselves.
function literal(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
