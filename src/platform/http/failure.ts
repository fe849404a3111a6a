import { errorCode } from '../file/error-code.ts';

/** Why a request got no answer; a part of the reasons that the proxy writes into annotations, metrics and logs. */
export type NetworkFailure =
  | 'connect_timeout'
  | 'timeout'
  | 'refused'
  | 'network'
  | 'dns'
  | 'tls'
  | 'blocked'
  | 'too_large'
  | 'bad_response';

/** An error that knows its place in that list. The message is a few words and never holds a secret. */
export class RequestError extends Error {
  override name = 'RequestError' as const;
  readonly failure: NetworkFailure;
  /** Of an answer that was too large. */
  readonly status: number | undefined;

  constructor(
    failure: NetworkFailure,
    message: string,
    options?: ErrorOptions & { status?: number | undefined },
  ) {
    super(message, options);
    this.failure = failure;
    this.status = options?.status;
  }
}

const KNOWN_CODES: Readonly<Record<string, readonly [NetworkFailure, words: string]>> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  ETIMEDOUT: ['connect_timeout', 'no connection'],
  ECONNRESET: ['network', 'connection reset'],
  EPIPE: ['network', 'connection closed'],
  EHOSTUNREACH: ['network', 'host unreachable'],
  ENETUNREACH: ['network', 'network unreachable'],
  CERT_HAS_EXPIRED: ['tls', 'the certificate has expired'],
  CERT_NOT_YET_VALID: ['tls', 'the certificate is not valid yet'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls', 'the certificate is self-signed and not trusted'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls', 'the certificate is not signed by a trusted authority'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls', 'the certificate is not signed by a trusted authority'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls', 'the other side does not speak TLS'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'the name does not match the certificate'],
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

/** What a code of Node or OpenSSL says; the code itself where there are no words for it. */
export function wordsOfCode(code: string): string {
  return KNOWN_CODES[code]?.[1] ?? code;
}

function failureOfCode(code: string): NetworkFailure {
  // In TLS 1.3 the refusal of a client certificate arrives after the handshake.
  if (code.startsWith('ERR_SSL_')) return 'tls';
  // It answers, though what it says is no HTTP, or no gzip: nothing is wrong with the network.
  return /^(HPE|Z)_/.test(code) ? 'bad_response' : 'network';
}
