/** Why a request got no answer; a part of the reasons that the proxy writes into annotations, metrics and logs. */
export type NetworkFailure =
  'connect_timeout' | 'timeout' | 'refused' | 'network' | 'dns' | 'tls' | 'blocked' | 'too_large';

/** An error that knows its place in that list. The message is a few words and never holds a secret. */
export class RequestError extends Error {
  override name = 'RequestError' as const;
  readonly failure: NetworkFailure;

  constructor(failure: NetworkFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

const KNOWN_CODES: Readonly<Record<string, readonly [NetworkFailure, words: string]>> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  ETIMEDOUT: ['connect_timeout', 'no connection'],
  ECONNRESET: ['network', 'connection reset'],
  EPIPE: ['network', 'connection closed'],
  EHOSTUNREACH: ['network', 'host unreachable'],
  ENETUNREACH: ['network', 'network unreachable'],
};

/** The RequestError that an error is, has as a cause, or amounts to. */
export function toRequestError(error: unknown): RequestError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof RequestError) return cause;
  }
  const code = errorCode(error) ?? 'unknown failure';
  const [failure, words] = KNOWN_CODES[code] ?? [failureOfCode(code), code];
  return new RequestError(failure, words, { cause: error });
}

/** Node's code of an error, such as `ECONNRESET`. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

// In TLS 1.3 the refusal of a client certificate arrives after the handshake.
function failureOfCode(code: string): NetworkFailure {
  return code.startsWith('ERR_SSL_') ? 'tls' : 'network';
}
