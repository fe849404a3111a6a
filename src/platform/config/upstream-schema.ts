import { z } from 'zod';
import { isPlainHost } from '../http/ip-address.ts';
import { httpClientKeys } from './http-client-schema.ts';
import { checkedText, port, text, timer } from './scalars.ts';

const TARGET_ALONE = "must be a block with targets, such as {targets: ['am:9093']}";

const staticConfig = z.strictObject(
  {
    targets: z.array(checkedText(targetProblem)).min(1).describe('Servers, as host:port.'),
    labels: z
      .record(z.string(), z.string())
      .optional()
      .superRefine((labels, context) => {
        const scheme = labels?.['__scheme__'];
        if (scheme === undefined || scheme === 'http' || scheme === 'https') return;
        context.addIssue({ code: 'custom', path: ['__scheme__'], message: 'must be http or https' });
      })
      .describe(
        'As in prometheus.yml: __scheme__ and __alerts_path__ stand in for scheme and path; others have no effect.',
      ),
  },
  {
    error: ({ code, input }) =>
      code === 'invalid_type' && typeof input === 'string' ? TARGET_ALONE : undefined,
  },
);

const dnsSdConfig = z
  .strictObject({
    names: z.array(text).min(1).describe('DNS names to ask for.'),
    type: z.enum(['SRV', 'A', 'AAAA']).prefault('SRV').describe('Type of the DNS query.'),
    port: port.optional().describe('Port of the servers; SRV records bring their own.'),
    refresh_interval: timer.prefault('30s').describe('How often to ask again.'),
  })
  .refine(({ type, port }) => type === 'SRV' || port !== undefined, {
    error: 'needs port, because A and AAAA records have none',
  });

/** Servers that share their settings, in the words of prometheus.yml: where they are, and how to ask them. */
export const upstreamKeys = {
  scheme: z.enum(['http', 'https']).prefault('http').describe('Scheme of the requests.'),
  path_prefix: checkedText(pathPrefixProblem)
    .prefault('/')
    .describe('What stands before /api/… in the path, joined as Prometheus joins it.'),
  static_configs: z.array(staticConfig).min(1).optional().describe('Servers listed here.'),
  dns_sd_configs: z.array(dnsSdConfig).min(1).optional().describe('Servers found by DNS.'),
  ...httpClientKeys,
};

// The target is not repeated in the sentence: it may hold a password.
function targetProblem(target: string): string | undefined {
  const match = /^(\[[\dA-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(target);
  const valid = match !== null && Number(match[2] ?? 1) >= 1 && Number(match[2] ?? 1) <= 65535;
  if (!valid) return 'must be HOST:PORT; scheme, path_prefix and basic_auth have keys of their own';
  return isPlainHost(match[1] ?? '')
    ? undefined
    : 'is an address that programs read differently; an IPv4 address is four numbers up to 255, without leading zeros';
}

function pathPrefixProblem(prefix: string): string | undefined {
  return /[?#]/.test(prefix) ? 'must be a path, without ? and #' : undefined;
}
