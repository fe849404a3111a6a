import { isIP } from 'node:net';
import { z } from 'zod';
import { createEgressGuard } from '../http/egress-guard.ts';
import { parseCidr } from '../http/ip-address.ts';
import { atLeastOne } from './key-rules.ts';
import { problemOf } from './problem-of.ts';
import { checkedText, port } from './scalars.ts';

const NOT_A_NAME = 'must be a name such as web-1.example.com or *.example.com';
const NOT_A_NETWORK =
  'must be a network such as 10.0.0.0/8 or 2001:db8::/32; a single address is 192.0.2.1/32';
const NOT_AN_IPV6_NETWORK =
  'must be a network such as 2001:db8::/32; a single address ends in /128, and IPv4 within IPv6 is given as IPv4, such as 10.0.0.0/8';

// What looks like a name may be one that the guard cannot read, such as 10.1.2.999.
const guardProblem = problemOf(
  (host) => createEgressGuard({ ports: [], hosts: [host] }),
  () => NOT_A_NAME,
);

/** Where a source may connect. Everything that is given must hold. */
export const allowSchema = z
  .strictObject({
    ports: z.array(port).min(1).describe('Ports that may be connected to.'),
    hosts: z
      .array(checkedText(hostProblem))
      .min(1)
      .optional()
      .describe('Names that may be connected to: exact, or *.suffix.'),
    cidrs: z
      .array(checkedText(cidrProblem))
      .min(1)
      .optional()
      .describe('Networks whose addresses may be connected to.'),
  })
  .check(atLeastOne('hosts', 'cidrs'));

function hostProblem(host: string): string | undefined {
  if (isIP(host) !== 0) return 'is an address; addresses stand under cidrs';
  return /^(?:\*\.)?[a-z\d_-]+(?:\.[a-z\d_-]+)*$/i.test(host) ? guardProblem(host) : NOT_A_NAME;
}

function cidrProblem(cidr: string): string | undefined {
  const [address = ''] = cidr.split('/');
  const version = isIP(address);
  // The guard alone would take 10/8 for 0.0.0.10/8, and 010.0.0.0/8 for octal.
  if (version !== 0 && parseCidr(cidr) !== undefined) return undefined;
  return version === 6 ? NOT_AN_IPV6_NETWORK : NOT_A_NETWORK;
}
