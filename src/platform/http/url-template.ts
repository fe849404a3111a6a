import { isPlainHost } from './ip-address.ts';

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
 * Parses `http://{instance}/checks/{check}`. A label's value is percent-encoded, `/` too, and can never change the host
 * (but where it is the host), the depth of the path, the query or the credentials. A template that no label could make a URL of
 * is refused. Throws an Error with a sentence
 * that does not repeat the URL: somebody may have put a password into it.
 */
export function parseUrlTemplate(text: string): UrlTemplate {
  const match = /^(https?:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?$/.exec(text);
  if (match === null)
    throw new Error('must be a URL that starts with http:// or https:// and has no fragment');
  const [, scheme = '', authority = '', path = '', query = ''] = match;
  if (authority === '') throw new Error('has no host');
  if (authority.includes('@')) throw new Error('must not hold credentials; use basic_auth');
  checkLiteral(`${path}${query}`);
  const host = parseParts(authority);
  if (!mayBeHost(host)) throw new Error(neverHost(authority));
  const segments = path.split('/').map(parseParts);
  if (path.split('/').some(isStep)) throw new Error('has a path segment . or .., which leads elsewhere');
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
    if (readInstance(authority) === undefined) return NO_HOST;
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
const NO_HOST = 'the host is no name or address, with or without a port';

/** The host and the port in it. */
function readInstance(text: string): { readonly host?: string; readonly port?: string } | undefined {
  if (text.length > MAX_AUTHORITY) return undefined;
  const [, host = '', port] = INSTANCE.exec(text) ?? [];
  if (host === '' || host.length > MAX_HOST || !isPlainHost(host)) return undefined;
  if (port === undefined) return { host };
  return Number(port) >= 1 && Number(port) <= 65535 ? { host, port } : undefined;
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
  const unfit = place === 'path' ? /[\\\u0000-\u001f\u007f]/ : /[\u0000-\u001f\u007f]/;
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

// A browser, a proxy or a server may read these as a step up the tree, also where it decodes the slash of a value.
function checkSegment(segment: string): string {
  const step = segment.split(/%2f/i).find(isStep);
  if (step !== undefined) throw new UnfitLabel(`a path segment would be '${step}'`);
  return segment;
}

function isStep(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

function checkLiteral(text: string): void {
  // eslint-disable-next-line no-control-regex -- control characters have no place in a URL.
  if (/[\s\\\u0000-\u001f\u007f]/.test(text))
    throw new Error('has a space, a backslash or a control character in its path or query; a space is %20');
  if (/%(?![\dA-Fa-f]{2})/.test(text))
    throw new Error('has a % that begins no percent-encoding; % itself is %25');
}

/** What a label in the host may stand for, as a whole or as a part of it. */
const SAMPLES: Readonly<Record<Field, readonly string[]>> = {
  whole: ['a', '1', 'a:1', '1.1', '1.1.1', '[::1]', '::1', '[::1]:1'],
  host: ['a', '1.1.1.1', '[::1]'],
  port: ['1'],
};
/** Hosts of more labels are not tried out. */
const MAX_TRIED = 3;

/** Whether some values of its labels make a host of it. */
function mayBeHost(parts: readonly Part[]): boolean {
  const labels = parts.filter((part) => typeof part !== 'string');
  if (labels.length > MAX_TRIED) return true;
  const texts = parts.reduce<readonly string[]>(
    (starts, part) =>
      starts.flatMap((start) =>
        (typeof part === 'string' ? [part] : SAMPLES[part.field]).map((end) => start + end),
      ),
    [''],
  );
  return texts.some((text) => readInstance(text) !== undefined);
}

function neverHost(authority: string): string {
  const advice = authority.includes('$') ? '; a label is written {label}, without a $' : '';
  return `can never be a URL: its host is no name or address, with or without a port${advice}`;
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
