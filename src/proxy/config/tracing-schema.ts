import { z } from 'zod';
import { checkedText, secret } from '../../platform/config/scalars.ts';

/** Prometheus' tracing block, as far as it goes over HTTP. */
export const tracingSchema = z.strictObject({
  endpoint: checkedText(endpointProblem).describe('Where spans are sent to by OTLP over HTTP: host:port.'),
  insecure: z.boolean().prefault(false).describe('Send over http instead of https.'),
  sampling_fraction: z
    .number()
    .min(0)
    .max(1)
    .prefault(0)
    .describe(
      'Share of the batches that are traced; a trace that comes with a batch goes on as it was begun.',
    ),
  headers: z
    .record(z.string(), secret.describe('Value of one header.'))
    .prefault({})
    .describe('Headers to send with the spans.'),
});

function endpointProblem(text: string): string | undefined {
  const isHost = !text.includes('/') && URL.canParse(`http://${text}`);
  return isHost ? undefined : 'must be host:port, without a scheme or a path';
}
