import { domainToASCII } from 'node:url';
import { isWithin, parseAddress, parseCidr, type Cidr, type IpAddress } from './ip-address.ts';

/** Where requests may go: the port must be listed, and what is given of the other two must hold. */
export interface EgressRules {
  readonly ports: readonly number[];
  /** Names: `node.example.com` itself, or `*.example.com` for all names below it. */
  readonly hosts?: readonly string[] | undefined;
  /** Addresses, literal or resolved. A literal address needs this. */
  readonly cidrs?: readonly string[] | undefined;
}

export interface EgressGuard {
  /** Why this host (a name or an address, without brackets) and port are refused before any resolving; undefined if they are not. */
  refusal(host: string, port: number): string | undefined;
  /** Whether this very address may be connected to. */
  allows(address: string): boolean;
}

/**
 * Addresses that are never what a name is meant to lead to. Only a CIDR that lies within one of these blocks opens it (as far as that
 * CIDR reaches): `127.0.0.0/8` or `127.0.0.1/32` opens loopback, `0.0.0.0/0` contains loopback but does not name it.
 */
const SPECIAL = [
  '0.0.0.0/8', // unspecified
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, with the metadata services of AWS, GCP and Azure
  '100.100.100.200/32', // metadata, Alibaba
  '168.63.129.16/32', // metadata, Azure's wire server
  '192.0.0.0/24', // protocol assignments, with Oracle's metadata
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, with broadcast
  '::/128', // unspecified
  '::1/128', // loopback
  'fe80::/10', // link-local
  'fd00:ec2::/32', // metadata, AWS
  'fd20:ce::254/128', // metadata, GCP
  '64:ff9b:1::/48', // NAT64 of this site: the IPv4 address inside cannot be told
  '2001::/32', // Teredo: leads to an IPv4 address behind a relay
  'ff00::/8', // multicast
].map((text) => readCidr(text));

/** Judges where requests may go. Throws a RangeError about a rule that cannot be read. */
export function createEgressGuard({ ports, hosts, cidrs }: EgressRules): EgressGuard {
  const nameMatches = hosts?.map((pattern) => readHostPattern(pattern));
  const blocks = cidrs?.map((text) => readCidr(text));
  const naming = blocks?.filter((block) => SPECIAL.some((special) => liesWithin(block, special)));

  function refusal(host: string, port: number): string | undefined {
    if (!ports.includes(port)) return `port ${port} is not allowed`;
    if (host.includes('%')) return 'addresses with a zone are not allowed';
    const address = parseAddress(host);
    if (address !== undefined)
      return allowsLiteral(host) ? undefined : `address ${address.toString()} is not allowed`;
    return allowsName(host) ? undefined : 'host is not allowed';
  }

  function allowsLiteral(host: string): boolean {
    return cidrs !== undefined && allows(host);
  }

  function allowsName(host: string): boolean {
    if (nameMatches === undefined) return cidrs !== undefined;
    const name = canonicalName(host);
    return nameMatches.some((matches) => matches(name));
  }

  function allows(text: string): boolean {
    const address = parseAddress(text);
    if (address === undefined) return false;
    if (isSpecial(address)) return isWithinAny(address, naming ?? []);
    return blocks === undefined ? hosts !== undefined : isWithinAny(address, blocks);
  }

  return { refusal, allows };
}

function isSpecial(address: IpAddress): boolean {
  return isWithinAny(address, SPECIAL);
}

function isWithinAny(address: IpAddress, blocks: readonly Cidr[]): boolean {
  return blocks.some((block) => isWithin(address, block));
}

function liesWithin(block: Cidr, outer: Cidr): boolean {
  return block[1] >= outer[1] && isWithin(block[0], outer);
}

function readCidr(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new RangeError(`"${text}" is not a CIDR such as 10.0.0.0/8 or fd12::/16`);
  return cidr;
}

function readHostPattern(pattern: string): (name: string) => boolean {
  const isSuffix = pattern.startsWith('*.');
  const rest = canonicalName(isSuffix ? pattern.slice(2) : pattern);
  if (rest === '' || rest.includes('*')) {
    throw new RangeError(`"${pattern}" is not a host name such as node.example.com or *.example.com`);
  }
  return isSuffix ? (name) => name.endsWith(`.${rest}`) : (name) => name === rest;
}

function canonicalName(host: string): string {
  return domainToASCII(host).toLowerCase().replace(/\.$/, '');
}
