/** Why this text is not an Alertmanager matcher such as `check=~".+"`; undefined if it is one. */
export function matcherProblem(text: string): string | undefined {
  return text.trim() === '' ? 'must be a matcher such as check=~".+"' : undefined;
}
