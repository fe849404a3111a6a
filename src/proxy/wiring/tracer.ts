import type { Logger } from '../../platform/log/log.ts';
import { NO_TRACER, type Tracer } from '../../platform/tracing/span.ts';
import type { Config } from '../config/schema.ts';
import { PROXY_LOG } from '../activity/log-messages.ts';

/** Builds the tracer of a configuration. Its libraries are loaded only if tracing is on: they cost memory and start-up time. */
export async function buildTracer({ tracing }: Config, log: Logger): Promise<Tracer> {
  if (tracing === undefined) return NO_TRACER;
  const { createTracer } = await import('../../platform/tracing/tracer.ts');
  const headers = Object.entries(tracing.headers).map(([name, value]) => [name, value.reveal()] as const);
  return createTracer({
    url: `${tracing.insecure ? 'http' : 'https'}://${tracing.endpoint}/v1/traces`,
    samplingFraction: tracing.sampling_fraction,
    headers: Object.fromEntries(headers),
    onTrouble: (error) => {
      log.warn({ err: error, endpoint: tracing.endpoint }, PROXY_LOG.tracesLost);
    },
  });
}

/** Sends the remaining spans, if the tracer could be built. */
export async function stopTracer(tracer: Promise<Tracer>): Promise<void> {
  await tracer.then((built) => built.stop()).catch(() => undefined);
}
