import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createAuthority, LOOPBACK, type Pem } from '../../../support/certificates.ts';
import type { TempFolder } from '../../../support/temp-folder.ts';
import { createTlsParties } from '../../../support/tls-listener.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { ask, createFolder, startListener } from '../../../support/web-listener.ts';

const { server, client, start, isServed } = await createTlsParties();

describe('TLS while running', () => {
  const settings = { client_auth_type: 'RequireAndVerifyClientCert', client_ca_file: 'ca.crt' };

  it('takes a new certificate once its key fits, and keeps the old one until then', async () => {
    const { url, write, log } = await start();
    const next = await createAuthority('next authority');
    const { cert, key } = await next.issue(LOOPBACK);

    write('server.crt', cert);
    await waitFor('the refusal', () => log().includes('does not fit the certificate'), { show: log });
    expect(await isServed(url)).toBe(true);
    write('server.key', key);

    await waitFor('the new certificate', async () => (await ask(url, { ca: next.cert })).status === 200);
  });

  it('judges new clients by the new authority and the new names', async () => {
    const { url, write, configure } = await start(settings);
    const other = await createAuthority('new clients');
    const newcomer = await other.issue([{ type: 'dns', value: 'new' }]);
    expect([await isServed(url, client), await isServed(url, newcomer)]).toEqual([true, false]);

    write('ca.crt', other.cert);
    await waitFor(
      'the new authority',
      async () => !(await isServed(url, client)) && (await isServed(url, newcomer)),
    );
    configure({
      tls_server_config: {
        cert_file: 'server.crt',
        key_file: 'server.key',
        ...settings,
        client_allowed_sans: ['nobody'],
      },
    });
    await waitFor('the new names', async () => !(await isServed(url, newcomer)));
  });

  it('follows files that are swapped by a symlink, as a ConfigMap does', async () => {
    const folder = createFolder();
    const next = await createAuthority('next authority');
    writeVersion(folder, '..1', server);
    writeVersion(folder, '..2', await next.issue(LOOPBACK));
    await symlink('..1', join(folder.path, '..data'));
    for (const name of ['web.yml', 'tls.crt', 'tls.key'])
      await symlink(`..data/${name}`, join(folder.path, name));
    const { url } = await startListener({}, {}, { webConfigFile: join(folder.path, 'web.yml') });
    expect(await isServed(url)).toBe(true);

    await symlink('..2', join(folder.path, '..tmp'));
    await rename(join(folder.path, '..tmp'), join(folder.path, '..data'));

    await waitFor('the new certificate', async () => (await ask(url, { ca: next.cert })).status === 200);
  });

  it.each([
    ['turning TLS off', {}, 'tls_server_config: TLS cannot be turned on or off while running: restart'],
    [
      'another client_auth_type',
      {
        tls_server_config: {
          cert_file: 'server.crt',
          key_file: 'server.key',
          client_auth_type: 'RequestClientCert',
        },
      },
      'tls_server_config.client_auth_type: cannot be changed while running: restart',
    ],
  ])('says that %s takes a restart, and keeps on as it was', async (_, config, sentence) => {
    const { url, configure, log } = await start();

    configure(config);

    await waitFor(sentence, () => log().includes(sentence), { show: log });
    expect(await isServed(url)).toBe(true);
  });
});

function writeVersion(folder: TempFolder, version: string, { cert, key }: Pem): void {
  const config = JSON.stringify({ tls_server_config: { cert_file: 'tls.crt', key_file: 'tls.key' } });
  folder.write(`${version}/web.yml`, config);
  folder.write(`${version}/tls.crt`, cert);
  folder.write(`${version}/tls.key`, key);
}
