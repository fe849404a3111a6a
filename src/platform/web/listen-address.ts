import { isIPv6 } from 'node:net';

export interface ListenAddress {
  /** A name or an address without brackets; undefined: every interface, IPv4 and IPv6. */
  readonly host: string | undefined;
  /** 0: any free port. */
  readonly port: number;
}

// Brackets belong around IPv6 addresses and nowhere else, as in Go's net.SplitHostPort.
const GRAMMAR = /^(?:\[(?<v6>[^\]]+)\]|(?<host>[^:[\]\s/@]*)):(?<port>\d{1,5})$/;

/** Parses `:9095`, `host:9095` or `[::1]:9095` as Prometheus' `--web.listen-address` does; undefined if it is none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const { v6, host, port } = GRAMMAR.exec(text)?.groups ?? {};
  if (port === undefined || Number(port) > 65535) return undefined;
  if (v6 !== undefined && !isIPv6(v6)) return undefined;
  return { host: v6 ?? (host === '' ? undefined : host), port: Number(port) };
}

/** Writes the URL of an address, with brackets where IPv6 needs them. */
export function formatUrl(scheme: 'http' | 'https', host: string, port: number): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
