import { z } from 'zod';
import { oneAuthentication } from '../../platform/config/http-client-schema.ts';
import { atLeastOne } from '../../platform/config/key-rules.ts';
import { problemOf } from '../../platform/config/problem-of.ts';
import { checkedText, text, timer } from '../../platform/config/scalars.ts';
import { upstreamKeys } from '../../platform/config/upstream-schema.ts';
import { parseMatcher } from '../../alertmanager-api/matcher.ts';

const upstream = z
  .strictObject({
    ...upstreamKeys,
    timeout: timer.optional().describe('How long one request may take; default: refresh.timeout.'),
    external_url: checkedText(webAddressProblem)
      .optional()
      .describe('Address for readers of the page; without it nothing links there.'),
  })
  .check(atLeastOne('static_configs', 'dns_sd_configs'), oneAuthentication);

/** A PromQL selector for one metric, such as `up{job="checks"}`. */
export const selector = checkedText((value) =>
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^}]*\})?$/.test(value.trim())
    ? undefined
    : 'must be the name of a metric with or without matchers, such as up{job="checks"}',
);

/** One environment in one region: its pair of Prometheus and its set of Alertmanagers. */
export const clusterSchema = z.strictObject({
  name: checkedText((name) =>
    /^[a-z0-9][a-z0-9-]*$/.test(name)
      ? undefined
      : 'must be lower-case letters, digits and -, such as prod-east',
  ).describe('Name of the cluster, in addresses, metrics and rules.'),
  title: text.optional().describe('What people call it; default: the name.'),
  prometheus: z
    .array(upstream)
    .prefault([])
    .describe('Prometheus servers: each is asked, answers are merged.'),
  alertmanagers: z.array(upstream).min(1).describe('Alertmanagers of one high-availability set.'),
  node_selector: selector
    .optional()
    .describe('The nodes of this cluster; default: node_selector of the file.'),
  watchdog: z
    .array(checkedText(problemOf(parseMatcher)))
    .optional()
    .describe('Matchers of an alert that always fires; the overview warns while it is missing.'),
});

function webAddressProblem(address: string): string | undefined {
  const isWeb = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (!isWeb) return 'must be an address that starts with http:// or https://';
  return new URL(address).username === '' ? undefined : 'must not hold credentials';
}
