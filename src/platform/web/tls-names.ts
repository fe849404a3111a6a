// Go's names, as web config files write them, and OpenSSL's names for the same things.

/** Whether clients need a certificate (Go's crypto/tls ClientAuthType). */
export const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

/** Go knows TLS10 and TLS11 too, which OpenSSL 3 no longer speaks at its default security level. */
export const SERVER_TLS_VERSIONS = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

/** Those of TLS 1.3, which are always on, as in Go. */
const TLS13_SUITES = {
  TLS_AES_128_GCM_SHA256: 'TLS_AES_128_GCM_SHA256',
  TLS_AES_256_GCM_SHA384: 'TLS_AES_256_GCM_SHA384',
  TLS_CHACHA20_POLY1305_SHA256: 'TLS_CHACHA20_POLY1305_SHA256',
} as const;

/** Go's tls.CipherSuites(), in the order of its preference. */
export const CIPHER_SUITES = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
  ...TLS13_SUITES,
} as const;

export const CURVES = {
  X25519: 'X25519',
  CurveP256: 'P-256',
  CurveP384: 'P-384',
  CurveP521: 'P-521',
} as const;

export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];
export type CipherSuite = keyof typeof CIPHER_SUITES;
export type Curve = keyof typeof CURVES;

/** OpenSSL's cipher string; without names, Go's own list. */
export function cipherString(suites: readonly CipherSuite[]): string {
  const names =
    suites.length === 0 ? Object.values(CIPHER_SUITES) : suites.map((suite) => CIPHER_SUITES[suite]);
  return [...new Set([...names, ...Object.values(TLS13_SUITES)])].join(':');
}

/** OpenSSL's list of groups; without names, its own choice. */
export function curveString(curves: readonly Curve[]): string {
  return curves.length === 0 ? 'auto' : curves.map((curve) => CURVES[curve]).join(':');
}
