import { z } from 'zod';
import { httpClientKeys, oneAuthentication } from '../../platform/config/http-client-schema.ts';
import { atLeastOne } from '../../platform/config/key-rules.ts';
import { checkedText, port, text, timer } from '../../platform/config/scalars.ts';

const staticConfig = z.strictObject({
  targets: z.array(checkedText(targetProblem)).min(1).describe('Alertmanagers, as host:port.'),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe('Accepted as in prometheus.yml, where relabelling uses it; without effect here.'),
});

const dnsSdConfig = z
  .strictObject({
    names: z.array(text).min(1).describe('DNS names to ask for.'),
    type: z.enum(['SRV', 'A', 'AAAA']).prefault('SRV').describe('Type of the DNS query.'),
    port: port.optional().describe('Port of the Alertmanagers; SRV records bring their own.'),
    refresh_interval: timer.prefault('30s').describe('How often to ask again.'),
  })
  .refine(({ type, port }) => type === 'SRV' || port !== undefined, {
    error: 'needs port, because A and AAAA records have none',
  });

/** Alertmanagers that share their settings: an entry of alerting.alertmanagers in prometheus.yml. */
export const alertmanagerSchema = z
  .strictObject({
    scheme: z.enum(['http', 'https']).prefault('http').describe('Scheme of the requests.'),
    path_prefix: checkedText(pathPrefixProblem)
      .prefault('/')
      .describe('What stands before /api/v2/alerts in the path.'),
    timeout: timer.prefault('5s').describe('How long one Alertmanager may take for a batch.'),
    api_version: z
      .literal('v2', { error: 'must be v2: Alertmanager has no other API since 0.27' })
      .prefault('v2')
      .describe("Version of Alertmanager's API."),
    static_configs: z.array(staticConfig).min(1).optional().describe('Alertmanagers listed here.'),
    dns_sd_configs: z.array(dnsSdConfig).min(1).optional().describe('Alertmanagers found by DNS.'),
    ...httpClientKeys,
  })
  .check(atLeastOne('static_configs', 'dns_sd_configs'), oneAuthentication);

// The target is not repeated in the sentence: it may hold a password.
function targetProblem(target: string): string | undefined {
  const match = /^(?:\[[\dA-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(target);
  const valid = match !== null && Number(match[1] ?? 1) >= 1 && Number(match[1] ?? 1) <= 65535;
  return valid ? undefined : 'must be HOST:PORT; scheme, path_prefix and basic_auth have keys of their own';
}

function pathPrefixProblem(prefix: string): string | undefined {
  return /^\/[^?#\s]*$/.test(prefix) ? undefined : 'must be a path that starts with /';
}
