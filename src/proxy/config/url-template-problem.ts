// The URL is not repeated in the sentences: it may hold a password.

/** Why this text is not a URL template such as `http://{instance}/checks/{check}`; undefined if it is one. */
export function urlTemplateProblem(text: string): string | undefined {
  const [, authority] = /^https?:\/\/([^/?#]*)/.exec(text) ?? [];
  if (authority === undefined) return 'must start with http:// or https://';
  if (authority === '') return 'has no host';
  if (authority.includes('@')) return 'must not hold credentials; use basic_auth';
  if (!/^(?:[^{}]|\{[^{}]+\})*$/.test(text)) return 'has a brace without its partner';
  return undefined;
}
