import type { Logger } from '../log/log.ts';

/** Why a listener turns somebody away before the handler sees the request: the one closed list for log, metric label and page. */
export const REFUSAL_REASONS = [
  /** Users are configured, and the request names none. */
  'no_password',
  /** The user is unknown, or the password is wrong. */
  'password',
  /** Too many passwords of this address are being compared already. */
  'too_many_logins',
  'rate_limit',
  /** Plain HTTP came to the port that speaks TLS. */
  'http_on_tls',
  /** The handshake failed: most often the client does not trust the certificate. */
  'tls',
  /** It did not bring the client certificate that the web config asks for. */
  'client_certificate',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Somebody who was turned away. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Undefined if the connection was gone already. */
  readonly address: string | undefined;
}

/** Told of each refusal. */
export type OnRefused = (refusal: Refusal) => void;

/** Who hears of connections and requests that fail. */
export interface ConnectionObservers {
  readonly log: Logger;
  readonly onRefused: OnRefused;
}
