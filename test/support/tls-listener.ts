import { createAuthority, LOOPBACK, type Authority, type Pem } from './certificates.ts';
import { ask, startListener, type Options, type TestListener } from './web-listener.ts';

/** A listener with TLS, and those who may and may not talk to it. */
export interface TlsParties {
  readonly authority: Authority;
  readonly server: Pem;
  readonly client: Pem;
  /** Of another authority, with the client's name. */
  readonly stranger: Pem;
  /** Starts with these settings besides the certificate; files: server.crt, server.key, ca.crt. */
  readonly start: (settings?: object, options?: Options) => Promise<TestListener>;
  readonly isServed: (url: string, certificate?: Pem) => Promise<boolean>;
}

export async function createTlsParties(): Promise<TlsParties> {
  const authority = await createAuthority();
  const other = await createAuthority('other authority');
  const server = await authority.issue(LOOPBACK);
  return {
    authority,
    server,
    client: await authority.issue([{ type: 'dns', value: 'prometheus' }]),
    stranger: await other.issue([{ type: 'dns', value: 'prometheus' }]),
    start: (settings = {}, options = {}) =>
      startListener(
        { tls_server_config: { cert_file: 'server.crt', key_file: 'server.key', ...settings } },
        { 'server.crt': server.cert, 'server.key': server.key, 'ca.crt': authority.cert },
        options,
      ),
    isServed: (url, certificate) =>
      ask(url, { ca: authority.cert, ...certificate }).then(
        ({ status }) => status === 200,
        () => false,
      ),
  };
}
