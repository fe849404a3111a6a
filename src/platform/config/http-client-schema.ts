import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { toHeaderBytes } from '../http/credentials.ts';
import { TLS_VERSIONS } from '../http/tls-options.ts';
import { atLeastOne, atMostOne, requires } from './key-rules.ts';
import { problemOf } from './problem-of.ts';
import { checkedText, secret, text } from './scalars.ts';

// prometheus/common config/headers.go: what the client sets itself.
const RESERVED_HEADERS = new Set([
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'user-agent',
  'www-authenticate',
  'x-prometheus-remote-write-version',
  'x-prometheus-scrape-timeout-seconds',
]);

const headerSyntaxProblem = problemOf(validateHeaderName, () => 'is not a valid header name');

const basicAuth = z
  .strictObject({
    username: z.string().optional().describe('User name.'),
    username_file: text.optional().describe('File that holds the user name.'),
    password: secret.optional().describe('Password.'),
    password_file: text.optional().describe('File that holds the password.'),
  })
  .check(
    atLeastOne('username', 'username_file'),
    atMostOne('username', 'username_file'),
    atMostOne('password', 'password_file'),
  );

const authorization = z
  .strictObject({
    type: checkedText(authorizationTypeProblem)
      .prefault('Bearer')
      .describe('Scheme of the Authorization header.'),
    credentials: secret.optional().describe('Credentials of the Authorization header.'),
    credentials_file: text.optional().describe('File that holds the credentials.'),
  })
  .check(atLeastOne('credentials', 'credentials_file'), atMostOne('credentials', 'credentials_file'));

const tlsConfig = z
  .strictObject({
    ca: text.optional().describe('CA certificates that the server is checked against, as PEM.'),
    ca_file: text.optional().describe('File that holds the CA certificates.'),
    cert: text.optional().describe('Client certificate, as PEM.'),
    cert_file: text.optional().describe('File that holds the client certificate.'),
    key: secret.optional().describe('Key of the client certificate, as PEM.'),
    key_file: text.optional().describe('File that holds the key of the client certificate.'),
    server_name: text.optional().describe('Name that the server certificate is checked for.'),
    insecure_skip_verify: z.boolean().prefault(false).describe('Accept any server certificate.'),
    min_version: z.enum(TLS_VERSIONS).prefault('TLS12').describe('Lowest TLS version accepted.'),
    max_version: z.enum(TLS_VERSIONS).prefault('TLS13').describe('Highest TLS version accepted.'),
  })
  .check(
    atMostOne('ca', 'ca_file'),
    atMostOne('cert', 'cert_file'),
    atMostOne('key', 'key_file'),
    requires('cert', 'key', 'key_file'),
    requires('cert_file', 'key', 'key_file'),
    requires('key', 'cert', 'cert_file'),
    requires('key_file', 'cert', 'cert_file'),
  )
  // The names sort as the versions do.
  .refine(({ min_version, max_version }) => min_version <= max_version, {
    error: 'must not be below min_version',
    path: ['max_version'],
  });

const headerValue = checkedText(
  problemOf(
    (value) => {
      validateHeaderValue('any', toHeaderBytes(value));
    },
    () => 'has characters that a header cannot carry',
  ),
);

const httpHeader = z
  .strictObject({
    values: z.array(headerValue).optional().describe('Values that may be shown.'),
    secrets: z.array(headerValue.pipe(secret)).optional().describe('Values that are kept secret.'),
    files: z.array(text).optional().describe('Files that hold one value each.'),
  })
  .check(atLeastOne('values', 'secrets', 'files'));

/** Prometheus' HTTP client keys, as far as this program supports them. */
export const httpClientKeys = {
  basic_auth: basicAuth.optional().describe('HTTP basic authentication.'),
  authorization: authorization.optional().describe('The Authorization header.'),
  tls_config: tlsConfig.optional().describe('TLS, for https.'),
  http_headers: z
    .record(checkedText(headerNameProblem), httpHeader.describe('Values of one header.'))
    .optional()
    .describe('Headers to send beside those that the client sets itself.'),
};

/** The HTTP client's part of a configuration. */
export type HttpClientConfig = z.output<z.ZodObject<typeof httpClientKeys>>;

/** The rule that goes with httpClientKeys. */
export const oneAuthentication = atMostOne('basic_auth', 'authorization');

function authorizationTypeProblem(type: string): string | undefined {
  if (type.toLowerCase() === 'basic') return 'must not be Basic; use basic_auth';
  return /^[\w!#$%&'*+.^`|~-]+$/.test(type) ? undefined : 'must be one word, such as Bearer';
}

function headerNameProblem(name: string): string | undefined {
  return RESERVED_HEADERS.has(name.toLowerCase())
    ? 'is a header that the client sets itself'
    : headerSyntaxProblem(name);
}
