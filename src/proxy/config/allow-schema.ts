import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { atLeastOne } from './key-rules.ts';
import { checkedText, port } from './scalars.ts';

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
  if (/^(?:\*\.)?[a-z\d_-]+(?:\.[a-z\d_-]+)*$/i.test(host)) return undefined;
  return 'must be a name such as web-1.example.com or *.example.com';
}

function cidrProblem(cidr: string): string | undefined {
  const [address = ''] = cidr.split('/');
  // ipaddr.js alone would take 10/8 for 0.0.0.10/8, and 010.0.0.0/8 for octal.
  if (isIP(address) !== 0 && ipaddr.isValidCIDR(cidr)) return undefined;
  return 'must be a network such as 10.0.0.0/8 or 2001:db8::/32; a single address is 192.0.2.1/32';
}
