import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import { createRereadFile, type OnFileTrouble } from '../file/reread-file.ts';
import type { Secret } from '../config/secret.ts';

/** Prometheus' names of TLS versions, the lowest first. */
export const TLS_VERSIONS = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const;

type TlsVersion = (typeof TLS_VERSIONS)[number];

const NODE_VERSIONS: Readonly<Record<TlsVersion, SecureVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

/** Prometheus' `tls_config`. Certificates and keys are PEM; a file is re-read when it changes, and new connections use what it holds then. */
export interface TlsOptions {
  readonly ca?: string | undefined;
  readonly caFile?: string | undefined;
  readonly cert?: string | undefined;
  readonly certFile?: string | undefined;
  readonly key?: Secret | undefined;
  readonly keyFile?: string | undefined;
  /** The name that the certificate must have; default the host of the URL. */
  readonly serverName?: string | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
  readonly minVersion?: TlsVersion | undefined;
  readonly maxVersion?: TlsVersion | undefined;
  readonly onTrouble?: OnFileTrouble | undefined;
}

/** What a new TLS connection needs. */
export interface TlsSettings {
  readonly serverName: string | undefined;
  readonly rejectUnauthorized: boolean;
  /** Rejects if there is no usable material. */
  context(): Promise<SecureContext>;
}

type Pem = string | undefined;

interface Material {
  readonly ca?: Pem;
  readonly cert?: Pem;
  readonly key?: Pem;
}

export function createTlsSettings(options: TlsOptions = {}): TlsSettings {
  return {
    serverName: options.serverName,
    rejectUnauthorized: options.insecureSkipVerify !== true,
    context: createContexts(options),
  };
}

// A context costs milliseconds, so one is kept for as long as the material stays the same. While a rotation is half done (a new
// certificate beside the old key) the last good one stays in use.
function createContexts(options: TlsOptions): () => Promise<SecureContext> {
  const { onTrouble = () => undefined, minVersion = 'TLS12', maxVersion = 'TLS13' } = options;
  const versions = { minVersion: NODE_VERSIONS[minVersion], maxVersion: NODE_VERSIONS[maxVersion] };
  const readCa = createPem(options.ca, options.caFile, onTrouble);
  const readCert = createPem(options.cert, options.certFile, onTrouble);
  const readKey = createPem(options.key?.reveal(), options.keyFile, onTrouble);
  let tried: Material = {};
  let good: SecureContext | undefined;

  return async function context(): Promise<SecureContext> {
    const [ca, cert, key] = await Promise.all([readCa(), readCert(), readKey()]);
    if (good !== undefined && tried.ca === ca && tried.cert === cert && tried.key === key) return good;
    tried = { ca, cert, key };
    try {
      // Go trusts what ca_file holds, also where it is an intermediate certificate or the server's own.
      good = createSecureContext({ ...tried, ...versions, allowPartialTrustChain: true });
    } catch (cause) {
      const error = new Error('the TLS certificate, key or CA cannot be used', { cause });
      if (good === undefined) throw error;
      onTrouble(error);
    }
    return good;
  };
}

function createPem(value: Pem, path: string | undefined, onTrouble: OnFileTrouble): () => Promise<Pem> {
  return path === undefined ? () => Promise.resolve(value) : createRereadFile({ path, onTrouble });
}
