const MAX_LENGTH = 200;

/**
 * The status of an answer in words, with the target of a redirect: `HTTP status 308, a redirect to https://am.example.com/`. The query
 * of the target and what may be a password in it are left out.
 */
export function describeStatus(status: number, headers: Readonly<Record<string, string>>): string {
  const target = status >= 300 && status <= 399 ? targetOf(headers['location'] ?? '') : '';
  return target === '' ? `HTTP status ${status}` : `HTTP status ${status}, a redirect to ${target}`;
}

// Relative to a host that nobody has, a path stays one.
function targetOf(location: string): string {
  if (location === '' || !URL.canParse(location, 'http://host.invalid')) return '';
  const { protocol, host, pathname } = new URL(location, 'http://host.invalid');
  const origin = host === 'host.invalid' ? '' : `${protocol}//${host}`;
  return `${origin}${pathname}`.slice(0, MAX_LENGTH);
}
