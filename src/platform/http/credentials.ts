import { validateHeaderValue } from 'node:http';
import { createRereadFile, type OnFileTrouble } from '../file/reread-file.ts';
import type { Secret } from '../config/secret.ts';

/** Prometheus' `basic_auth`, `authorization` and `http_headers`. A file stands for the value that it holds, and is re-read when it changes. */
export interface CredentialsOptions {
  readonly basicAuth?: BasicAuth | undefined;
  readonly authorization?: Authorization | undefined;
  readonly httpHeaders?: Readonly<Record<string, HeaderValues>> | undefined;
  readonly onTrouble: OnFileTrouble;
}

interface BasicAuth {
  readonly username?: string | undefined;
  readonly usernameFile?: string | undefined;
  readonly password?: Secret | undefined;
  readonly passwordFile?: string | undefined;
}

interface Authorization {
  /** Default `Bearer`. */
  readonly type?: string | undefined;
  readonly credentials?: Secret | undefined;
  readonly credentialsFile?: string | undefined;
}

interface HeaderValues {
  readonly values?: readonly string[] | undefined;
  readonly secrets?: readonly Secret[] | undefined;
  readonly files?: readonly string[] | undefined;
}

/** The headers that say who is asking. Rejects if a file could never be read, or holds what no header can carry. */
export interface Credentials {
  headers(): Promise<Readonly<Record<string, string>>>;
}

type Value = () => Promise<string>;
type Header = readonly [name: string, value: Value];

export function createCredentials(options: CredentialsOptions): Credentials {
  const headers = [...authorizationHeaders(options), ...ownHeaders(options)];
  return {
    async headers() {
      const pairs = headers.map(async ([name, value]) => [name, toValidHeader(name, await value())] as const);
      return Object.fromEntries(await Promise.all(pairs));
    },
  };
}

function authorizationHeaders({
  basicAuth,
  authorization,
  onTrouble,
}: CredentialsOptions): readonly Header[] {
  if (basicAuth !== undefined) {
    const username = either(basicAuth.username, basicAuth.usernameFile, onTrouble);
    const password = either(basicAuth.password?.reveal(), basicAuth.passwordFile, onTrouble);
    return [['authorization', async () => `Basic ${toBase64(`${await username()}:${await password()}`)}`]];
  }
  if (authorization !== undefined) {
    const { type = 'Bearer' } = authorization;
    const credentials = either(authorization.credentials?.reveal(), authorization.credentialsFile, onTrouble);
    return [['authorization', async () => `${type} ${await credentials()}`]];
  }
  return [];
}

// Several values of one header go into one line, which HTTP holds for the same (RFC 9110, 5.3).
function ownHeaders({ httpHeaders = {}, onTrouble }: CredentialsOptions): readonly Header[] {
  return Object.entries(httpHeaders).map(([name, { values = [], secrets = [], files = [] }]) => {
    const all: Value[] = [
      ...values.map(constant),
      ...secrets.map((secret) => constant(secret.reveal())),
      ...files.map((path) => createRereadFile({ path, onTrouble })),
    ];
    return [name.toLowerCase(), async () => (await Promise.all(all.map((value) => value()))).join(', ')];
  });
}

function either(value: string | undefined, path: string | undefined, onTrouble: OnFileTrouble): Value {
  return path === undefined ? constant(value ?? '') : createRereadFile({ path, onTrouble });
}

function constant(value: string): Value {
  return () => Promise.resolve(value);
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** A header value as Go sends it: its UTF-8 bytes. Node writes one byte per character, which is Latin-1. */
export function toHeaderBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

function toValidHeader(name: string, value: string): string {
  const bytes = toHeaderBytes(value);
  validateHeaderValue(name, bytes);
  return bytes;
}
