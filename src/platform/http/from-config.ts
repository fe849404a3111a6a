import { createCredentials, type Credentials } from './credentials.ts';
import type { TlsOptions } from './tls-options.ts';
import type { Logger } from '../log/log.ts';
import type { HttpClientConfig } from '../config/http-client-schema.ts';
import { PLATFORM_LOG } from '../log/messages.ts';

export function buildCredentials(config: HttpClientConfig, log: Logger): Credentials {
  const { basic_auth: basic, authorization, http_headers: headers } = config;
  return createCredentials({
    basicAuth: basic && {
      username: basic.username,
      usernameFile: basic.username_file,
      password: basic.password,
      passwordFile: basic.password_file,
    },
    authorization: authorization && {
      type: authorization.type,
      credentials: authorization.credentials,
      credentialsFile: authorization.credentials_file,
    },
    httpHeaders: headers,
    onTrouble: (error) => {
      log.warn({ err: error }, PLATFORM_LOG.credentialsUnreadable);
    },
  });
}

export function buildTls(config: HttpClientConfig, log: Logger): TlsOptions {
  const tls = config.tls_config;
  return {
    ca: tls?.ca,
    caFile: tls?.ca_file,
    cert: tls?.cert,
    certFile: tls?.cert_file,
    key: tls?.key,
    keyFile: tls?.key_file,
    serverName: tls?.server_name,
    insecureSkipVerify: tls?.insecure_skip_verify,
    minVersion: tls?.min_version,
    maxVersion: tls?.max_version,
    onTrouble: (error) => {
      log.warn({ err: error }, 'cannot read a file with TLS material; the last good one stays in use');
    },
  };
}
