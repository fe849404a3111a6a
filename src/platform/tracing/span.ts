export type Attributes = Readonly<Record<string, string | number>>;

/** A stretch of work within a trace. Where nothing is traced there is none, and nothing to pay. */
export interface Span {
  /** What a request carries that is part of it: traceparent, and tracestate if there is one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Begins a request that is part of it. */
  request(name: string, attributes: Attributes): Span;
  /** @param error what went wrong, in a word; undefined: nothing */
  end(attributes: Attributes, error?: string): void;
}

/** Headers as they came with a request. */
export type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface Tracer {
  /** Begins the answering of a request; goes on with the trace that its headers name. Undefined: nothing is traced. */
  start(name: string, headers: IncomingHeaders): Span | undefined;
  /** Sends what is left. Never rejects. */
  stop(): Promise<void>;
}

/** Traces nothing. */
export const NO_TRACER: Tracer = { start: () => undefined, stop: () => Promise.resolve() };
