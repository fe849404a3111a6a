import { z } from 'zod';
import { httpClientKeys } from './http-client-schema.ts';
import { checkedText, port, text, timer } from './scalars.ts';

const staticConfig = z.strictObject({
  targets: z.array(checkedText(targetProblem)).min(1).describe('Servers, as host:port.'),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe('Accepted as in prometheus.yml, where relabelling uses it; without effect here.'),
});

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
    .describe('What stands before /api/… in the path.'),
  static_configs: z.array(staticConfig).min(1).optional().describe('Servers listed here.'),
  dns_sd_configs: z.array(dnsSdConfig).min(1).optional().describe('Servers found by DNS.'),
  ...httpClientKeys,
};

// The target is not repeated in the sentence: it may hold a password.
function targetProblem(target: string): string | undefined {
  const match = /^(?:\[[\dA-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(target);
  const valid = match !== null && Number(match[1] ?? 1) >= 1 && Number(match[1] ?? 1) <= 65535;
  return valid ? undefined : 'must be HOST:PORT; scheme, path_prefix and basic_auth have keys of their own';
}

function pathPrefixProblem(prefix: string): string | undefined {
  return /^\/[^?#\s]*$/.test(prefix) ? undefined : 'must be a path that starts with /';
}
