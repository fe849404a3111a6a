import { z } from 'zod';
import { oneAuthentication } from '../../platform/config/http-client-schema.ts';
import { upstreamKeys } from '../../platform/config/upstream-schema.ts';
import { atLeastOne } from '../../platform/config/key-rules.ts';
import { timer } from '../../platform/config/scalars.ts';

/** Alertmanagers that share their settings: an entry of alerting.alertmanagers in prometheus.yml. */
export const alertmanagerSchema = z
  .strictObject({
    timeout: timer.prefault('5s').describe('How long one Alertmanager may take for a batch.'),
    api_version: z
      .literal('v2', { error: 'must be v2: Alertmanager has no other API since 0.27' })
      .prefault('v2')
      .describe("Version of Alertmanager's API."),
    ...upstreamKeys,
  })
  .check(atLeastOne('static_configs', 'dns_sd_configs'), oneAuthentication);
