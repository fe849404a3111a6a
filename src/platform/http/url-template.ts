type LabelSet = Readonly<Record<string, string>>;

/** The URL to ask, and whom it asks. */
export interface ExpandedUrl {
  readonly url: string;
  /** `host:port` in lower case, or the host alone where the URL names no port. */
  readonly host: string;
}

/** A URL with labels in it. Expanding gives the URL, or a sentence why a label's value cannot stand there. */
export interface UrlTemplate {
  readonly labels: readonly string[];
  expand(labels: LabelSet): ExpandedUrl | string;
}

type Place = 'host' | 'path' | 'query';
type Field = 'whole' | 'host' | 'port';
type Part = string | { readonly label: string; readonly field: Field };

// A host name or IPv4 address, or an IPv6 address in brackets, with or without a port.
const INSTANCE = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9._])?)(?::(\d{1,5}))?$/;
/** Characters of a name in DNS (RFC 1035). What is known of hosts is bounded by their number, so their length must be too. */
const MAX_HOST = 253;
const MAX_AUTHORITY = MAX_HOST + ':65535'.length;
/** Characters; servers take no more in a request line. */
const MAX_URL = 8 * 1024;
const PLACEHOLDER = /\{([a-zA-Z_][a-zA-Z0-9_]*)(?:\.(host|port))?\}/g;

/**
 * Parses `http://{instance}/checks/{check}`. A label's value is percent-encoded, and can never change the host
 * (but where it is the host), the depth of the path, the query or the credentials. Throws an Error with a sentence
 * that does not repeat the URL: somebody may have put a password into it.
 */
export function parseUrlTemplate(text: string): UrlTemplate {
  const match = /^(https?:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?$/.exec(text);
  if (match === null)
    throw new Error('must be a URL that starts with http:// or https:// and has no fragment');
  const [, scheme = '', authority = '', path = '', query = ''] = match;
  if (authority === '') throw new Error('has no host');
  if (authority.includes('@')) throw new Error('must not hold credentials; use basic_auth');
  const host = parseParts(authority);
  const segments = path.split('/').map(parseParts);
  const rest = parseParts(query);
  const all = [...host, ...segments.flat(), ...rest];
  return {
    labels: [...new Set(all.flatMap((part) => (typeof part === 'string' ? [] : [part.label])))],
    expand: (labels) => expand({ scheme, host, segments, query: rest }, labels),
  };
}

interface ParsedUrl {
  readonly scheme: string;
  readonly host: readonly Part[];
  readonly segments: readonly (readonly Part[])[];
  readonly query: readonly Part[];
}

function expand({ scheme, host, segments, query }: ParsedUrl, labels: LabelSet): ExpandedUrl | string {
  try {
    const authority = join(host, 'host', labels);
    // The value is not repeated: it could be of any length, and hold any character.
    if (readInstance(authority) === undefined)
      return 'the host is no name or address, with or without a port';
    const path = segments.map((segment) => checkSegment(join(segment, 'path', labels))).join('/');
    const url = `${scheme}${authority}${path}${join(query, 'query', labels)}`;
    if (url.length > MAX_URL) return TOO_LONG;
    return { url, host: authority.toLowerCase() };
  } catch (error) {
    if (error instanceof UnfitLabel) return error.message;
    throw error;
  }
}

class UnfitLabel extends Error {}

const TOO_LONG = 'the URL would be longer than 8 KB';

/** The host and the port in it. */
function readInstance(text: string): { readonly host?: string; readonly port?: string } | undefined {
  if (text.length > MAX_AUTHORITY) return undefined;
  const [, host = '', port] = INSTANCE.exec(text) ?? [];
  if (host === '' || host.length > MAX_HOST) return undefined;
  return port === undefined ? { host } : { host, port };
}

function join(parts: readonly Part[], place: Place, labels: LabelSet): string {
  let text = '';
  for (const part of parts)
    text += typeof part === 'string' ? part : valueOf(part.label, part.field, place, labels);
  return text;
}

function valueOf(label: string, field: Field, place: Place, labels: LabelSet): string {
  const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
  if (value === undefined || value === '') throw new UnfitLabel(`the alert has no label '${label}'`);
  const wanted = field === 'whole' ? value : fieldOf(value, label, field);
  if (place === 'host') return wanted;
  // eslint-disable-next-line no-control-regex -- control characters have no place in a URL.
  const unfit = place === 'path' ? /[/\\\u0000-\u001f\u007f]/ : /[\u0000-\u001f\u007f]/;
  if (wanted.length > MAX_URL) throw new UnfitLabel(TOO_LONG);
  if (unfit.test(wanted))
    throw new UnfitLabel(`label '${label}' holds a character that has no place in a URL`);
  return encodeURIComponent(wanted.toWellFormed());
}

function fieldOf(value: string, label: string, field: 'host' | 'port'): string {
  const found = readInstance(value)?.[field];
  if (found === undefined) throw new UnfitLabel(`label '${label}' holds no ${field}`);
  return found;
}

// A browser, a proxy or a server may read these as a step up the tree.
function checkSegment(segment: string): string {
  if (/^(?:\.|%2e){1,2}$/i.test(segment)) throw new UnfitLabel(`a path segment would be '${segment}'`);
  return segment;
}

function parseParts(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, label = '', field] = match;
    parts.push(text.slice(end, match.index), {
      label,
      field: (field as 'host' | 'port' | undefined) ?? 'whole',
    });
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  const literal = parts.filter((part) => typeof part === 'string');
  if (literal.some((piece) => /[{}]/.test(piece))) {
    throw new Error('has braces that are no {label}, {label.host} or {label.port}');
  }
  return parts.filter((part) => part !== '');
}
