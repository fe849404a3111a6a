import { validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { parseDuration } from '../time/duration.ts';
import { CIPHER_SUITES, CLIENT_AUTH_TYPES, CURVES, SERVER_TLS_VERSIONS } from './tls-names.ts';

const text = z.string().min(1, 'must not be empty');
// Refused here because a path is told when it cannot be opened, and this one would be a key.
const path = z
  .string()
  .regex(/^[^\n]+$/, 'must be a path: what is written here itself goes under the name without _file');

/** A rule over several keys; checked even if other keys are wrong, so that all mistakes are told at once. */
function rule(
  key: string,
  error: string,
): { path: string[]; error: string; when: (payload: { value: unknown }) => boolean } {
  return { path: [key], error, when: ({ value }) => typeof value === 'object' && value !== null };
}

// exporter-toolkit still takes the old name.
const clientAuthType = z.preprocess(
  (name) => (name === 'RequireClientCert' ? 'RequireAnyClientCert' : name),
  oneOf(CLIENT_AUTH_TYPES),
);

const tlsServerConfig = z
  .strictObject({
    cert: text.optional(),
    cert_file: path.optional(),
    key: text.optional(),
    key_file: path.optional(),
    client_ca: text.optional(),
    client_ca_file: path.optional(),
    client_auth_type: clientAuthType.default('NoClientCert'),
    client_allowed_sans: z.array(text).min(1, 'must name at least one client').optional(),
    min_version: oneOf(namesOf(SERVER_TLS_VERSIONS)).default('TLS12'),
    max_version: oneOf(namesOf(SERVER_TLS_VERSIONS)).default('TLS13'),
    cipher_suites: z.array(oneOf(namesOf(CIPHER_SUITES))).default([]),
    prefer_server_cipher_suites: z.boolean().default(true),
    curve_preferences: z.array(oneOf(namesOf(CURVES))).default([]),
  })
  .refine(
    ({ cert, cert_file }) => (cert === undefined) !== (cert_file === undefined),
    rule('cert_file', 'exactly one of cert and cert_file is needed'),
  )
  .refine(
    ({ key, key_file }) => (key === undefined) !== (key_file === undefined),
    rule('key_file', 'exactly one of key and key_file is needed'),
  )
  .refine(
    ({ client_ca, client_ca_file }) => client_ca === undefined || client_ca_file === undefined,
    rule('client_ca_file', 'only one of client_ca and client_ca_file can be used'),
  )
  .refine(
    (tls) => !hasClientCa(tls) || tls.client_auth_type !== 'NoClientCert',
    rule(
      'client_auth_type',
      'must be set where there is a client CA: RequireAndVerifyClientCert checks every client',
    ),
  )
  // Go would take the machine's authorities, and let in the holder of any certificate of a public one.
  .refine(
    (tls) =>
      hasClientCa(tls) ||
      !['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert'].includes(tls.client_auth_type),
    rule('client_ca_file', 'is needed to verify client certificates: set it or client_ca'),
  )
  .refine(
    (tls) =>
      tls.client_allowed_sans === undefined ||
      ['RequireAnyClientCert', 'RequireAndVerifyClientCert'].includes(tls.client_auth_type),
    rule('client_allowed_sans', 'needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert'),
  )
  .refine((tls) => tls.min_version <= tls.max_version, rule('min_version', 'must not be above max_version'));

const freeHeader = z
  .string()
  .refine((value) => isHeaderValue(value), 'has a character that no header can carry')
  .optional();

const httpServerConfig = z.strictObject({
  http2: z.boolean().default(true),
  headers: z
    .strictObject({
      'Content-Security-Policy': freeHeader,
      'Strict-Transport-Security': freeHeader,
      'X-Content-Type-Options': oneOf(['nosniff']).optional(),
      'X-Frame-Options': oneOf(['deny', 'sameorigin']).optional(),
      'X-XSS-Protection': freeHeader,
    })
    .nullish(),
});

const passwordHash = z
  .string()
  .regex(
    /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/,
    'is not a bcrypt hash: make one with htpasswd -nBC 10 "" | tr -d \':\\n\'',
  );

const users = z.record(z.string().regex(/^[^:]*$/), passwordHash, {
  error: ({ code }) => (code === 'invalid_key' ? 'a user name cannot hold a colon' : undefined),
});

const NO_INTERVAL = 'must be a duration such as 100ms or 1s; 0 turns the limit off';

const rateLimit = z.strictObject({
  interval: z.union([z.string(), z.literal(0)], NO_INTERVAL).transform((value, context) => {
    const interval = parseDuration(String(value));
    if (interval === undefined) context.addIssue(NO_INTERVAL);
    return interval ?? z.NEVER;
  }),
  burst: z.int().min(1, 'must be at least 1: with 0 no request would be answered'),
});

/** The file's grammar: exporter-toolkit v0.17.1, docs/web-configuration.md. */
export const webConfigSchema = z.strictObject({
  tls_server_config: tlsServerConfig.nullish(),
  http_server_config: httpServerConfig.nullish(),
  basic_auth_users: users.nullish(),
  rate_limit: rateLimit.nullish(),
});

export type TlsServerConfig = z.infer<typeof tlsServerConfig>;

function hasClientCa(tls: { client_ca?: string | undefined; client_ca_file?: string | undefined }): boolean {
  return tls.client_ca !== undefined || tls.client_ca_file !== undefined;
}

// The names in the message, not the value: it might be a secret that slipped a line.
function oneOf<const Name extends string>(names: readonly Name[]) {
  return z.enum(names, `must be one of ${names.join(', ')}`);
}

function namesOf<Name extends string>(table: Readonly<Record<Name, string>>): Name[] {
  return Object.keys(table) as Name[];
}

function isHeaderValue(value: string): boolean {
  try {
    validateHeaderValue('value', value);
    return true;
  } catch {
    return false;
  }
}
