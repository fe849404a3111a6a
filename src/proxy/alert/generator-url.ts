import { isIPv6 } from 'node:net';

// eslint-disable-next-line no-control-regex -- control characters are just what Go refuses.
const CONTROLS = /[\u0000-\u001f\u007f]/;
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
const BAD_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const USER_INFO = /^(?:[\w.:~!$&'()*+,;=@-]|%[0-9a-fA-F]{2})*$/;
// Beyond ASCII anything may stand there, also percent-encoded.
const HOST = /^(?:[\w.~!$&'()*+,;=<>"-]|[^\p{ASCII}]|%25|%[89a-fA-F][0-9a-fA-F])*$/u;
const BRACKETED = /^\[([^\]%]*)(?:%25[^\]%]*)?\]$/;

/**
 * Whether Alertmanager takes this as a generatorURL: Go's url.ParseRequestURI, which strfmt's `uri` format calls.
 * A single one that it does not take makes it refuse the whole batch. Where versions of Go differ, the strict one
 * counts: Go 1.26 wants no further colon in a host, and nothing but IPv6 addresses in brackets.
 */
export function isRequestUri(text: string): boolean {
  if (CONTROLS.test(text)) return false;
  if (text === '*') return true;
  const scheme = SCHEME.exec(text)?.[0] ?? '';
  // The query is not looked at.
  const rest = text.slice(scheme.length).split('?', 1)[0] ?? '';
  // Without a slash what follows a scheme is opaque to Go, and taken as it is.
  if (!rest.startsWith('/')) return scheme !== '';
  const authority = scheme === '' ? undefined : /^\/\/([^/]*)/.exec(rest)?.[1];
  if (authority === undefined) return !BAD_ESCAPE.test(rest);
  return isAuthority(authority) && !BAD_ESCAPE.test(rest.slice('//'.length + authority.length));
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !USER_INFO.test(authority.slice(0, at))) return false;
  const host = authority.slice(at + 1).replace(/:\d*$/, '');
  const bracketed = BRACKETED.exec(host)?.[1];
  return bracketed === undefined ? HOST.test(host) : isIPv6(bracketed);
}
