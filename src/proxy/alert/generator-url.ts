const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;

/**
 * Whether Alertmanager takes this as a generatorURL: Go's url.ParseRequestURI, which strfmt's `uri` format calls.
 * A single one that it does not take makes it refuse the whole batch.
 */
export function isRequestUri(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are just what Go refuses.
  if (text === '' || /[\u0000-\u001f\u007f]/.test(text)) return false;
  const scheme = SCHEME.exec(text);
  if (scheme === null)
    return text.startsWith('/') && hasValidAuthority(text) && hasValidEscapes(pathOf(text));
  const rest = text.slice(scheme[0].length);
  // Without a slash the rest is opaque to Go, and taken as it is.
  if (!rest.startsWith('/')) return true;
  return hasValidAuthority(rest) && hasValidEscapes(pathOf(rest));
}

// The query is not looked at by Go's parser; the path must be valid percent-encoding.
function pathOf(rest: string): string {
  return (rest.split('?', 1)[0] ?? '').replace(/^\/\/[^/]*/, '');
}

function hasValidEscapes(path: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(path);
}

function hasValidAuthority(rest: string): boolean {
  const authority = /^\/\/([^/?]*)/.exec(rest)?.[1];
  if (authority === undefined) return true;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.startsWith('[')) return /^\[[^\]]+\](:\d*)?$/.test(host);
  return /^[^\s"<>[\]\\^`{|}%]*?(:\d*)?$/.test(host) && !host.replace(/:\d*$/, '').includes(':');
}
