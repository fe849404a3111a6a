import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Tracer as OpenTelemetryTracer,
} from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { version } from '../file/package-files.ts';
import { Outage } from '../log/outage.ts';
import type { Attributes, IncomingHeaders, Span, Tracer } from './span.ts';

export interface TracerOptions {
  /** The URL that takes spans as OTLP over HTTP. */
  readonly url: string;
  /** The share of new traces that is kept, from 0 to 1. A trace that a request continues keeps its own decision. */
  readonly samplingFraction: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Called when spans begin to be lost, and not again until some arrive. */
  readonly onTrouble: (error: unknown) => void;
}

/** The longest that a hung collector may delay the end of the process. */
const EXPORT_TIMEOUT_MS = 2_000;

const propagator = new W3CTraceContextPropagator();

/** A tracer that sends its spans to an OpenTelemetry collector. Import this file only when tracing is on: its libraries are large. */
export function createTracer({ url, samplingFraction, headers, onTrouble }: TracerOptions): Tracer {
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'alertmanager-proxy', 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(samplingFraction) }),
    spanProcessors: [new BatchSpanProcessor(reporting(exporter, onTrouble))],
  });
  const tracer = provider.getTracer('alertmanager-proxy', version);
  return {
    start: (name, incoming) => {
      const parent = propagator.extract(ROOT_CONTEXT, incoming, FROM_HEADERS);
      return begin(tracer, parent, name, SpanKind.SERVER, {});
    },
    // The process is ending: a failure here has no one to report to.
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

function reporting(exporter: SpanExporter, onTrouble: TracerOptions['onTrouble']): SpanExporter {
  const outage = new Outage({ onBegin: onTrouble });
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        if (result.code === ExportResultCode.SUCCESS) outage.succeeded();
        else outage.failed(result.error);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

function begin(
  tracer: OpenTelemetryTracer,
  parent: Context,
  name: string,
  kind: SpanKind,
  attributes: Attributes,
): Span {
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  const context = trace.setSpan(parent, span);
  const headers: Record<string, string> = {};
  propagator.inject(context, headers, INTO_HEADERS);
  return {
    headers,
    request: (child, about) => begin(tracer, context, child, SpanKind.CLIENT, about),
    end: (result, error) => {
      span.setAttributes(result);
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end();
    },
  };
}

const FROM_HEADERS = {
  keys: (headers: IncomingHeaders) => Object.keys(headers),
  get: (headers: IncomingHeaders, name: string) => headers[name],
};

const INTO_HEADERS = {
  set: (headers: Record<string, string>, name: string, value: string): void => {
    headers[name] = value;
  },
};
