import { z } from 'zod';
import { parseCidr } from '../../platform/http/ip-address.ts';
import { atLeastOne } from '../../platform/config/key-rules.ts';
import { checkedText, text } from '../../platform/config/scalars.ts';

/** What somebody may do in a cluster, the least first. */
export const ROLES = ['none', 'viewer', 'operator'] as const;

export type Role = (typeof ROLES)[number];

const role = z.enum(ROLES);

const headerName = checkedText((name) =>
  /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? undefined : 'must be the name of a header, such as X-Forwarded-Email',
);

const header = z.strictObject({
  user: headerName.describe('Header that names the user.'),
  groups: headerName.optional().describe('Header that lists the groups of the user.'),
  groups_separator: text.prefault(',').describe('What stands between two groups.'),
  trusted_proxies: z
    .array(checkedText(trustedProxyProblem))
    .min(1)
    .describe('Networks of the proxies whose headers count; from elsewhere they are ignored.'),
});

/** Who somebody is. */
export const authenticationSchema = z.strictObject({
  header: header.optional().describe('Login by a proxy in front, such as oauth2-proxy.'),
});

const rule = z
  .strictObject({
    users: z.array(text).optional().describe('Names of users; * stands for any text.'),
    groups: z.array(text).optional().describe('Names of groups; * stands for any text.'),
    clusters: z.array(text).min(1).describe('Names of clusters; * stands for any text.'),
    role: role.describe('What they may do there.'),
  })
  .check(atLeastOne('users', 'groups'));

/** Who may do what. */
export const authorizationSchema = z.strictObject({
  anonymous_role: role
    .optional()
    .describe(
      'Role of somebody without a name; default: viewer, or none where authentication is configured.',
    ),
  default_role: role.prefault('viewer').describe('Role of somebody who is logged in and in no rule.'),
  rules: z.array(rule).prefault([]).describe('The highest role of all rules that match counts.'),
});

function trustedProxyProblem(network: string): string | undefined {
  const cidr = parseCidr(network);
  if (cidr === undefined) return 'must be a network such as 10.1.2.3/32';
  return cidr[1] === 0 ? 'would let everybody name any user: list the addresses of your proxies' : undefined;
}
