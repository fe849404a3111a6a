import { z } from 'zod';
import { byteSize, checkedText, count, duration, text, timer } from '../../platform/config/scalars.ts';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import { problemOf } from '../../platform/config/problem-of.ts';
import { authenticationSchema, authorizationSchema } from './access-schema.ts';
import { clusterSchema, selector } from './cluster-schema.ts';
import { checkAcross } from './cross-checks.ts';
import { detailsSchema, regex } from './details-schema.ts';

const labels = z.strictObject({
  node: text.prefault('client').describe('Label that names the node.'),
  check: text.prefault('check').describe('Label that names the check.'),
  device: text.prefault('source').describe('Label that names a device which the node checks.'),
  address: text.prefault('instance').describe('Label with the address of the agent.'),
});

const metrics = z.strictObject({
  problem: text.prefault('check:problem').describe('Series of the checks that are not OK.'),
  problem_executed: text.prefault('check_problem_timestamp_seconds').describe('When each of those ran last.'),
});

const refresh = z.strictObject({
  interval: timer.prefault('15s').describe('How often alerts, silences and failing checks are asked for.'),
  inventory_interval: timer.prefault('1m').describe('How often all nodes are asked for.'),
  idle_interval: timer.prefault('2m').describe('How often once nobody has looked for 5 minutes.'),
  timeout: timer.prefault('10s').describe('How long one request to a Prometheus or Alertmanager may take.'),
  max_share: z
    .number()
    .gt(0, { error: 'must be above 0 and at most 1' })
    .max(1, { error: 'must be above 0 and at most 1' })
    .prefault(0.1)
    .describe("Share of an upstream's time: a list that takes 2s is asked for every 20s."),
});

const limits = z.strictObject({
  alerts: count.prefault(50_000).describe('Alerts kept of one Alertmanager.'),
  nodes: count.prefault(50_000).describe('Nodes kept of one Prometheus.'),
  failing: count.prefault(50_000).describe('Failing checks kept of one Prometheus.'),
  silences: count.prefault(20_000).describe('Silences kept of one Alertmanager.'),
  expired_silences: z.int().min(0).prefault(500).describe('Expired silences kept of one Alertmanager.'),
  excerpt: count.prefault(512).describe('Characters of an output that lists show.'),
  response: byteSize.prefault('256MB').describe('Bytes read of one answer.'),
});

const acknowledge = z.strictObject({
  duration: timer.prefault('1d').describe('How long an acknowledgement holds at most.'),
  comment: text.prefault('looking into it').describe('Its comment.'),
});

const silences = z.strictObject({
  durations: z
    .array(timer)
    .min(1)
    .prefault(['15m', '1h', '2h', '8h', '1d', '1w'])
    .describe('Durations that the form offers.'),
  default_duration: timer.prefault('2h').describe('The duration that the form begins with.'),
  max_duration: duration.prefault('30d').describe('Longer silences are refused.'),
  comment_pattern: regex.prefault('').describe('RE2 expression that each comment must contain.'),
  acknowledge: acknowledge.prefault({}).describe('What Acknowledge makes.'),
});

const ui = z.strictObject({
  title: text.prefault('Checks').describe('Title of the pages.'),
  time_zone: checkedText(
    problemOf(
      (zone) => new Intl.DateTimeFormat('en', { timeZone: zone }),
      () => 'is not a time zone; use a name such as Asia/Tokyo or UTC',
    ),
  )
    .prefault('UTC')
    .describe('Time zone of all times shown.'),
  page_size: z.int().min(1).max(1000).prefault(100).describe('Rows on one page.'),
  links: z
    .array(
      z.strictObject({
        title: text.describe('Text of the link.'),
        url: checkedText(problemOf(parseUrlTemplate)).describe('Address; {label} is percent-encoded.'),
        on: z.literal('node').describe('Pages that carry it.'),
      }),
    )
    .prefault([])
    .describe('Links to other tools.'),
});

/** The configuration file of `web`. */
export const webConfigFileSchema = z
  .strictObject({
    clusters: z
      .array(clusterSchema)
      .min(1)
      .describe('Clusters: each a pair of Prometheus and a set of Alertmanagers.'),
    node_selector: selector.prefault('up{job="checks"}').describe('Series of the nodes, one for each.'),
    labels: labels.prefault({}).describe('Names of the labels that identify nodes and checks.'),
    metrics: metrics.prefault({}).describe('Names of the metrics that are asked for.'),
    refresh: refresh.prefault({}).describe('How often upstreams are asked.'),
    limits: limits.prefault({}).describe('How much is kept in memory.'),
    details: z
      .array(detailsSchema)
      .prefault([])
      .describe('Where outputs come from: the first whose matchers match.'),
    authentication: authenticationSchema.prefault({}).describe('Who somebody is.'),
    authorization: authorizationSchema.prefault({}).describe('Who may do what.'),
    silences: silences.prefault({}).describe('What silences may be like.'),
    ui: ui.prefault({}).describe('What the pages look like.'),
  })
  .superRefine(checkAcross);

/** The configuration of `web` in the shape of its file: durations in milliseconds, sizes in bytes, secrets hidden. */
export type WebConfigFile = z.output<typeof webConfigFileSchema>;

export type ClusterConfig = WebConfigFile['clusters'][number];
export type UpstreamConfig = ClusterConfig['alertmanagers'][number];
export type DetailsConfig = WebConfigFile['details'][number];
