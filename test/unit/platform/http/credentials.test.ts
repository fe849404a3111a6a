import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCredentials, type CredentialsOptions } from '../../../../src/platform/http/credentials.ts';
import { Secret } from '../../../../src/platform/config/secret.ts';
import { createTempFolder, type TempFolder } from '../../../support/temp-folder.ts';

let folder: TempFolder;
let file: string;

beforeAll(() => {
  folder = createTempFolder();
  file = folder.write('secret', 'from-file\n');
});

afterAll(() => {
  folder.remove();
});

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('createCredentials', () => {
  it.each<[string, () => Partial<CredentialsOptions>, Record<string, string>]>([
    ['nothing', () => ({}), {}],
    [
      'basic_auth',
      () => ({ basicAuth: { username: 'u', password: new Secret('pä:ss') } }),
      { authorization: basic('u:pä:ss') },
    ],
    [
      'basic_auth without a password',
      () => ({ basicAuth: { username: 'u' } }),
      { authorization: basic('u:') },
    ],
    [
      'basic_auth from files',
      () => ({ basicAuth: { usernameFile: file, passwordFile: file } }),
      { authorization: basic('from-file:from-file') },
    ],
    [
      'authorization',
      () => ({ authorization: { credentials: new Secret('token') } }),
      { authorization: 'Bearer token' },
    ],
    [
      'authorization of another type from a file',
      () => ({ authorization: { type: 'Token', credentialsFile: file } }),
      { authorization: 'Token from-file' },
    ],
    [
      'http_headers, values before secrets before files',
      () => ({
        httpHeaders: { 'X-Key': { values: ['a', 'b'], secrets: [new Secret('c')], files: [file] } },
      }),
      { 'x-key': 'a, b, c, from-file' },
    ],
  ])('makes headers of %s', async (_, options, headers) => {
    const credentials = createCredentials({ onTrouble: () => undefined, ...options() });

    expect(await credentials.headers()).toEqual(headers);
  });

  it('rejects when a file could never be read, and names the file', async () => {
    const credentials = createCredentials({
      authorization: { credentialsFile: '/nonexistent/token' },
      onTrouble: () => undefined,
    });

    await expect(credentials.headers()).rejects.toThrow('cannot read "/nonexistent/token"');
  });
});
