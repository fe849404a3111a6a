import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { hash } from 'bcrypt';
import { waitFor } from '../../../support/wait-for.ts';
import { ask, startListener, type Answer } from '../../../support/web-listener.ts';

function login(url: string, auth: string): Promise<Answer> {
  return ask(url, { auth });
}

describe('a flood of bad logins', () => {
  it('delays neither known users nor the first login of another address, and is turned away beyond 100 of an address', async () => {
    const { url } = await startListener({
      basic_auth_users: { alice: await hash('s3cret', 10), bob: await hash('hunter2', 10) },
    });
    const known = 'alice:s3cret';
    expect((await login(url, known)).status).toBe(200);

    const statuses: number[] = [];
    for (let index = 0; index < 200; index++)
      void login(url, `alice:guess-${index}`).then(
        ({ status }) => statuses.push(status),
        () => undefined,
      );
    await waitFor('those that find no place', () => statuses.filter((one) => one === 429).length >= 90);
    const began = performance.now();
    expect((await login(url, known)).status).toBe(200);
    const tookKnown = performance.now() - began;
    const newcomer = await ask(url, { auth: 'bob:hunter2', localAddress: '127.0.0.2' });
    const tookNewcomer = performance.now() - began;

    expect(statuses.filter((one) => one === 401).length).toBeLessThan(20);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(newcomer.status).toBe(200);
    expect(tookKnown).toBeLessThan(3000);
    expect(tookNewcomer).toBeLessThan(5000);
  });

  it('does not shut out the right password of the same address, which waits its turn', async () => {
    const { url } = await startListener({ basic_auth_users: { alice: await hash('s3cret', 8) } });
    let isOver = false;
    // Each sends its next guess as soon as the last one is answered.
    const flood = Array.from({ length: 20 }, async (_, connection) => {
      for (let index = 0; !isOver; index++) await login(url, `alice:guess-${connection}-${index}`);
    });

    const { status } = await login(url, 'alice:s3cret');

    isOver = true;
    await Promise.all(flood);
    expect(status).toBe(200);
  });

  it('has one place in the line per connection, however many requests come on it at once', async () => {
    const { url } = await startListener({ basic_auth_users: { alice: await hash('s3cret', 8) } });
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    const requests = Array.from({ length: 30 }, (_, index) => {
      const authorization = Buffer.from(`alice:guess-${index}`).toString('base64');
      return `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${authorization}\r\n\r\n`;
    });
    let answers = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answers += text));
    socket.write(requests.join(''));

    const statuses = (): string[] => answers.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
    await waitFor('all answers', () => statuses().length === 30, { show: () => answers });
    socket.destroy();
    expect(statuses().filter((status) => status === '401')).toHaveLength(1);
  });

  it('compares once for equal logins that come together', async () => {
    const { url } = await startListener({ basic_auth_users: { alice: await hash('s3cret', 10) } });

    const answers = await Promise.all(Array.from({ length: 20 }, () => login(url, 'alice:s3cret')));

    expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(200));
  });
});
