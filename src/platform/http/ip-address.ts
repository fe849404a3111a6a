import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** A block of addresses: its first address and the length of its prefix in bits. */
export type Cidr = readonly [address: IpAddress, prefixLength: number];

/** IPv6 prefixes whose addresses stand for an IPv4 address, and the byte at which that one starts. */
const IPV4_INSIDE = (
  [
    ['::/96', 12], // IPv4-compatible, RFC 4291
    ['::ffff:0:0/96', 12], // IPv4-mapped, RFC 4291
    ['::ffff:0:0:0/96', 12], // IPv4-translated, RFC 2765
    ['64:ff9b::/96', 12], // NAT64, RFC 6052
    ['2002::/16', 2], // 6to4, RFC 3056
  ] as const
).map(([cidr, offset]) => ({ cidr: ipaddr.parseCIDR(cidr), offset }));

/**
 * Reads an address in any notation that some resolver would take (`10.0.0.1`, `0x0a.1`, `012.1`, `167772161`, `fd00::1`);
 * undefined if it is none, or has a zone id. IPv6 forms that stand for an IPv4 address are read as that one.
 */
export function parseAddress(text: string): IpAddress | undefined {
  if (text.includes('%') || !ipaddr.isValid(text)) return undefined;
  return ipv4Inside(ipaddr.parse(text));
}

/**
 * Whether every parser reads this host of a URL as the same: a name, an IPv4 address of four plain decimal numbers, or an IPv6
 * address in brackets. What ends in a number is an address to some (`127.1`, `0x7f000001`) and a name to others, and `010` is 8 to some and 10
 * to others (WHATWG URL, "ends in a number"; inet_aton).
 */
export function isPlainHost(host: string): boolean {
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1));
  const endsInNumber = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i.test(host);
  return !endsInNumber || isIPv4(host);
}

/**
 * Reads `10.0.0.0/8` or `fd00::/8`; undefined if it is no CIDR. Bits after the prefix are ignored.
 * IPv6 blocks that stand for IPv4 addresses are none: no address that `parseAddress` returns lies in them.
 */
export function parseCidr(text: string): Cidr | undefined {
  if (text.includes('%') || !ipaddr.isValidCIDR(text)) return undefined;
  const cidr = ipaddr.parseCIDR(text);
  return ipv4Inside(cidr[0]) === cidr[0] ? cidr : undefined;
}

export function isWithin(address: IpAddress, [network, prefixLength]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network, prefixLength);
}

function ipv4Inside(address: IpAddress): IpAddress {
  const form = IPV4_INSIDE.find(({ cidr }) => isWithin(address, cidr));
  if (form === undefined || isPlainIpv6(address)) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(form.offset, form.offset + 4));
}

// `::` and `::1` lie where the IPv4-compatible addresses do, and are not meant.
function isPlainIpv6(address: IpAddress): boolean {
  return ['::', '::1'].includes(address.toString());
}
