import { beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from 'bcrypt';
import { createAuthority, LOOPBACK, type Pem } from '../../../support/certificates.ts';
import { createFolder, startListener } from '../../../support/web-listener.ts';

let pem: Pem;
let otherKey: string;
let bcryptHash: string;
beforeAll(async () => {
  const authority = await createAuthority();
  pem = await authority.issue(LOOPBACK);
  otherKey = (await authority.issue(LOOPBACK)).key;
  bcryptHash = await hash('s3cret', 4);
});

/** What starting with such a file says, with the folder left out. */
async function problemsOf(webConfig: unknown): Promise<string[]> {
  const folder = createFolder();
  const webConfigFile = folder.write(
    'web.yml',
    typeof webConfig === 'string' ? webConfig : JSON.stringify(webConfig),
  );
  folder.write('text', 'no certificate');
  const message = await startListener({}, {}, { webConfigFile }).then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
  return message.replaceAll(`${folder.path}/`, '').split('\n');
}

describe('a web config file', () => {
  it.each([
    ['sections that are empty', 'tls_server_config:\nhttp_server_config:\nbasic_auth_users:\nrate_limit:\n'],
    ['nothing to set', '{}'],
    [
      'every key that needs no TLS',
      { http_server_config: { http2: false, headers: {} }, rate_limit: { interval: '1s', burst: 5 } },
    ],
  ])('may have %s', async (_, webConfig) => {
    expect(await problemsOf(webConfig)).toEqual(['']);
  });

  it.each([
    ['is empty', '', 'web.yml: is empty: write {} for plain HTTP without users'],
    ['is not YAML', 'basic_auth_users:\n  a: b\n c: $2y$x', 'web.yml: line 3 is not valid YAML (bad indent)'],
    ['is a list', '[]', 'web.yml: must be a block of keys'],
    ['has an unknown section', { tls: {} }, 'web.yml: Unrecognized key: "tls"'],
  ])('that %s is refused', async (_, webConfig, problem) => {
    expect(await problemsOf(webConfig)).toEqual([problem]);
  });

  it.each([
    [
      'a user with a plain password',
      { basic_auth_users: { a: 's3cret' } },
      'basic_auth_users.a: is not a bcrypt hash: make one with htpasswd -nBC 10 "" | tr -d \':\\n\'',
    ],
    [
      'a header that is not on the list',
      { http_server_config: { headers: { Server: 'x' } } },
      'http_server_config.headers: Unrecognized key: "Server"',
    ],
    [
      'a value that a header cannot have',
      { http_server_config: { headers: { 'X-Frame-Options': 'allow' } } },
      'http_server_config.headers["X-Frame-Options"]: must be one of deny, sameorigin',
    ],
    [
      'a header with a line break',
      { http_server_config: { headers: { 'X-XSS-Protection': '1\r\nSet-Cookie: x' } } },
      'http_server_config.headers["X-XSS-Protection"]: has a character that no header can carry',
    ],
    [
      'a rate limit that lets nothing through',
      { rate_limit: { interval: '1s', burst: 0 } },
      'rate_limit.burst: must be at least 1: with 0 no request would be answered',
    ],
    [
      'an interval that is no duration',
      { rate_limit: { interval: 'fast', burst: 1 } },
      'rate_limit.interval: must be a duration such as 100ms or 1s; 0 turns the limit off',
    ],
    [
      'an interval without a unit',
      { rate_limit: { interval: 100, burst: 1 } },
      'rate_limit.interval: must be a duration such as 100ms or 1s; 0 turns the limit off',
    ],
    [
      'a switch that is neither on nor off',
      { http_server_config: { http2: 'off' } },
      'http_server_config.http2: must be true or false',
    ],
    [
      'a number where text belongs',
      { basic_auth_users: { a: 5 } },
      'basic_auth_users.a: must be text; put quotes around it if it looks like something else',
    ],
  ])('with %s is refused', async (_, webConfig, problem) => {
    expect(await problemsOf(webConfig)).toEqual([`web.yml: ${problem}`]);
  });

  it('is told all its mistakes at once', async () => {
    const problems = await problemsOf({
      tls_server_config: {
        cert: 'x',
        min_version: 'TLS10',
        cipher_suites: ['RC4'],
        client_allowed_sans: ['a'],
      },
      basic_auth_users: { 'a:b': bcryptHash },
      rate_limit: { interval: '1s' },
    });

    expect(problems).toEqual([
      'web.yml: tls_server_config.min_version: must be one of TLS12, TLS13',
      expect.stringMatching(/^web\.yml: tls_server_config\.cipher_suites\[0\]: must be one of TLS_ECDHE_/),
      'web.yml: tls_server_config.key_file: exactly one of key and key_file is needed',
      'web.yml: tls_server_config.client_allowed_sans: needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert',
      'web.yml: basic_auth_users["a:b"]: a user name cannot hold a colon',
      'web.yml: rate_limit.burst: is required',
    ]);
  });
});

describe('tls_server_config', () => {
  it.each([
    [
      'no certificate',
      {},
      [
        'cert_file: exactly one of cert and cert_file is needed',
        'key_file: exactly one of key and key_file is needed',
      ],
    ],
    [
      'a file that does not exist',
      { cert_file: 'none' },
      [/^cert_file: cannot be read: .*ENOENT: no such file/],
    ],
    [
      'a key where a path belongs',
      { cert_file: 'text', key_file: 'BEGIN\nsecret' },
      ['key_file: must be a path: what is written here itself goes under the name without _file'],
    ],
    ['a file that holds no certificate', { cert_file: 'text' }, ['cert_file: is not a certificate in PEM']],
    [
      'a client CA but no policy',
      { client_ca_file: 'text' },
      [
        'client_auth_type: must be set where there is a client CA: RequireAndVerifyClientCert checks every client',
      ],
    ],
    [
      'a policy but no client CA',
      { client_auth_type: 'RequireAndVerifyClientCert' },
      ['client_ca_file: is needed to verify client certificates: set it or client_ca'],
    ],
    [
      'names of clients who need not show a certificate',
      { client_auth_type: 'RequestClientCert', client_allowed_sans: ['a'] },
      ['client_allowed_sans: needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert'],
    ],
    [
      'no version that is left',
      { min_version: 'TLS13', max_version: 'TLS12' },
      ['min_version: must not be above max_version'],
    ],
  ])('with %s is refused', async (_, settings, sentences) => {
    const certificate =
      Object.keys(settings).length === 0
        ? {}
        : 'key_file' in settings
          ? {}
          : 'cert_file' in settings
            ? { key: pem.key }
            : pem;
    const problems = await problemsOf({ tls_server_config: { ...certificate, ...settings } });

    expect(problems).toEqual(
      sentences.map((sentence) =>
        typeof sentence === 'string'
          ? `web.yml: tls_server_config.${sentence}`
          : expect.stringMatching(sentence.source.replace('^', '^web\\.yml: tls_server_config\\.')),
      ),
    );
  });

  it('with a key of another certificate is refused, and the key is not told', async () => {
    const problems = await problemsOf({ tls_server_config: { cert: pem.cert, key: otherKey } });

    expect(problems).toEqual([
      expect.stringMatching(
        /^web\.yml: tls_server_config\.key: does not fit the certificate or cannot be used: /,
      ),
    ]);
    expect(problems.join()).not.toContain(otherKey.slice(40, 60));
  });
});
