import { constants, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { describeError } from '../log/log.ts';
import { cipherString, curveString, SERVER_TLS_VERSIONS, type ClientAuthType } from './tls-names.ts';
import type { TlsServerConfig } from './web-config-schema.ts';

export interface TlsConfig {
  /** Certificates, versions, ciphers: plain values, replaceable while the server runs. */
  readonly context: SecureContextOptions;
  readonly clientAuthType: ClientAuthType;
  /** Names of which a client's certificate must carry one; undefined: any will do. */
  readonly allowedSans: readonly string[] | undefined;
}

/** What is given either as text or, with `_file` at the end of its key, as a path. */
type Pem = 'cert' | 'key' | 'client_ca';

interface TlsProblem {
  readonly key: string;
  readonly sentence: string;
}

type LoadedTls =
  | { readonly ok: true; readonly config: TlsConfig }
  | { readonly ok: false; readonly problems: readonly TlsProblem[] };

// No resumed sessions: a ticket would let in a client whose authority or name was taken off the list since, and
// OpenSSL takes a resumed TLS 1.3 session for verified. No renegotiation: names are compared once per connection.
const SECURE_OPTIONS = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION;

/** Reads certificates and keys and tries them out. */
export async function loadTls(
  settings: TlsServerConfig,
  locate: (path: string) => string,
): Promise<LoadedTls> {
  const problems: TlsProblem[] = [];
  const report = (key: string, sentence: string): void => void problems.push({ key, sentence });

  function writtenAs(key: Pem): string {
    return settings[`${key}_file`] === undefined ? key : `${key}_file`;
  }
  async function pem(key: Pem): Promise<string | undefined> {
    const path = settings[`${key}_file`];
    if (path === undefined) return settings[key];
    return readFile(locate(path), 'utf8').catch((error: unknown) => {
      report(writtenAs(key), `cannot be read: ${describeError(error)}`);
      return undefined;
    });
  }
  async function certificate(key: Pem): Promise<string | undefined> {
    const text = await pem(key);
    if (text !== undefined && !startsWithCertificate(text))
      report(writtenAs(key), 'is not a certificate in PEM');
    return text;
  }

  const [cert, key, ca] = await Promise.all([certificate('cert'), pem('key'), certificate('client_ca')]);
  const context: SecureContextOptions = {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ca !== undefined && { ca, allowPartialTrustChain: true }),
    minVersion: SERVER_TLS_VERSIONS[settings.min_version],
    maxVersion: SERVER_TLS_VERSIONS[settings.max_version],
    ciphers: cipherString(settings.cipher_suites),
    honorCipherOrder: settings.prefer_server_cipher_suites,
    ecdhCurve: curveString(settings.curve_preferences),
    secureOptions: SECURE_OPTIONS,
  };
  if (problems.length === 0) {
    const failure = failureOf(context);
    if (failure !== undefined)
      report(writtenAs('key'), `does not fit the certificate or cannot be used: ${failure}`);
  }
  if (problems.length > 0) return { ok: false, problems };
  const { client_auth_type: clientAuthType, client_allowed_sans: allowedSans } = settings;
  return { ok: true, config: { context, clientAuthType, allowedSans } };
}

function startsWithCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}

function failureOf(context: SecureContextOptions): string | undefined {
  try {
    createSecureContext(context);
    return undefined;
  } catch (error: unknown) {
    return describeError(error);
  }
}
