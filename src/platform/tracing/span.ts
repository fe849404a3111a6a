export type Attributes = Readonly<Record<string, string | number>>;

/** A piece of work within a trace. Without tracing there are no spans and no cost. */
export interface Span {
  /** The headers of a request within this span: traceparent, and tracestate if there is one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Begins a child span for a request. */
  request(name: string, attributes: Attributes): Span;
  /** @param error what went wrong, in a word; undefined if nothing did */
  end(attributes: Attributes, error?: string): void;
}

/** The headers of a received request. */
export type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface Tracer {
  /** Begins a span for a received request, in the trace that its headers name. Undefined if tracing is off. */
  start(name: string, headers: IncomingHeaders): Span | undefined;
  /** Sends the remaining spans. Never rejects. */
  stop(): Promise<void>;
}

/** The tracer that traces nothing. */
export const NO_TRACER: Tracer = { start: () => undefined, stop: () => Promise.resolve() };
