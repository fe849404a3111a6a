import { createNodeNames } from '../platform/http/name-resolver.ts';
import { LoopWatch } from '../platform/time/loop-watch.ts';
import type { Logger } from '../platform/log/log.ts';
import { parseBatch, type ParsedBatch } from '../proxy/alert/parse.ts';
import { buildRules } from '../proxy/wiring/rule.ts';
import type { Config } from '../proxy/config/schema.ts';
import { OutputCache } from '../proxy/enrich/output-cache.ts';
import { Deadline } from '../proxy/enrich/deadline.ts';
import { Enricher, type Enrichment } from '../proxy/enrich/enricher.ts';
import { TwoLineLimit } from '../proxy/enrich/policy/two-line-limit.ts';
import { ROUNDS_OF_FETCHES } from '../proxy/enrich/policy/fetch-limits.ts';
import type { SourceRule } from '../proxy/enrich/rule.ts';

/** What the proxy would do with a batch, found out by doing it, without forwarding anything. */
export interface Explanation {
  readonly batch: ParsedBatch;
  readonly rules: readonly SourceRule[];
  /** One per alert of the batch, in order. */
  readonly enrichments: readonly Enrichment[];
}

/** Enriches the batch as the proxy would, with an empty cache. Throws BatchSyntaxError. */
export async function explainBatch(body: Buffer, config: Config, log: Logger): Promise<Explanation> {
  const batch = parseBatch(body);
  const { enrichment } = config;
  const built = buildRules(
    config,
    {
      enrichment,
      cache: new OutputCache({
        maxEntries: enrichment.cache.max_entries,
        maxBytes: enrichment.cache.max_bytes,
      }),
      totalLimit: new TwoLineLimit({ concurrency: enrichment.max_concurrency, rounds: ROUNDS_OF_FETCHES }),
      resolve: createNodeNames(),
      loop: new LoopWatch(),
      metrics: { fetched: () => undefined },
      log,
      now: Date.now,
    },
    (_id, create) => create(),
  );
  const rules = built.map(({ rule }) => rule);
  const enricher = new Enricher({ rules, now: Date.now });
  const enrichments = await enricher.enrich(batch.alerts, {
    receivedAt: Date.now(),
    deadline: new Deadline(enrichment.deadline),
  });
  return { batch, rules, enrichments };
}
