import { describe, expect, it } from '@jest/globals';
import { createTlsParties } from '../../../support/tls-listener.ts';

const { authority, server, client, stranger, start, isServed } = await createTlsParties();

describe('client_auth_type', () => {
  it.each([
    // type, served without certificate, with one of an unknown authority, with one of ours
    ['NoClientCert', true, true, true],
    ['RequestClientCert', true, true, true],
    ['RequireAnyClientCert', false, true, true],
    ['RequireClientCert', false, true, true],
    ['VerifyClientCertIfGiven', true, false, true],
    ['RequireAndVerifyClientCert', false, false, true],
  ])(
    '%s serves clients without certificate: %s, with an unknown one: %s, with a known one: %s',
    async (type, ...served) => {
      let handled = 0;
      const { url } = await start(
        { client_auth_type: type, ...(type !== 'NoClientCert' && { client_ca_file: 'ca.crt' }) },
        {
          handler: (_, response) => {
            handled += 1;
            response.end();
          },
        },
      );

      expect([await isServed(url), await isServed(url, stranger), await isServed(url, client)]).toEqual(
        served,
      );
      expect(handled).toBe(served.filter(Boolean).length);
    },
  );

  it('takes the client authority from the web config itself', async () => {
    const { url } = await start({
      client_auth_type: 'RequireAndVerifyClientCert',
      client_ca: authority.cert,
    });

    expect([await isServed(url, stranger), await isServed(url, client)]).toEqual([false, true]);
  });
});

describe('client_allowed_sans', () => {
  it.each([
    ['a DNS name', 'prometheus.example', { type: 'dns', value: 'prometheus.example' }],
    ['an IPv4 address', '192.0.2.1', { type: 'ip', value: '192.0.2.1' }],
    ['an IPv6 address as Go writes it', '2001:db8::1', { type: 'ip', value: '2001:db8::1' }],
    ['a URI', 'spiffe://example.org/ns/a,b', { type: 'url', value: 'spiffe://example.org/ns/a,b' }],
    ['a mail address', 'prometheus@example.org', { type: 'email', value: 'prometheus@example.org' }],
  ] as const)('lets in a client by %s', async (_, allowed, name) => {
    const { url } = await start({
      client_auth_type: 'RequireAndVerifyClientCert',
      client_ca_file: 'ca.crt',
      client_allowed_sans: ['other.example', allowed],
    });
    const named = await authority.issue([{ type: 'dns', value: 'first.example' }, name]);

    expect([await isServed(url, named), await isServed(url, client)]).toEqual([true, false]);
  });

  it.each([
    ['a wildcard that would match', { type: 'dns', value: '*.example' }],
    ['a name that begins alike', { type: 'dns', value: 'admin.example.org' }],
    ['another case', { type: 'dns', value: 'ADMIN.example' }],
    ['a name that spells a second entry', { type: 'dns', value: 'x, DNS:admin.example' }],
    ['a quoted name that spells a second entry', { type: 'dns', value: 'x", DNS:admin.example, DNS:"' }],
    ['a kind that Go does not compare', { type: 'dn', value: 'CN=admin.example' }],
  ] as const)('keeps out a client by %s', async (_, name) => {
    const { url } = await start({
      client_auth_type: 'RequireAndVerifyClientCert',
      client_ca_file: 'ca.crt',
      client_allowed_sans: ['admin.example'],
    });

    expect(await isServed(url, await authority.issue([name]))).toBe(false);
  });

  it('is compared with unverified certificates too, if any certificate will do', async () => {
    const { url } = await start({
      client_auth_type: 'RequireAnyClientCert',
      client_allowed_sans: ['prometheus'],
    });

    expect([await isServed(url), await isServed(url, stranger), await isServed(url, server)]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
