import { beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from 'bcrypt';
import { waitFor } from '../../../support/wait-for.ts';
import { ask, startListener, type Answer } from '../../../support/web-listener.ts';

// The lowest cost that bcrypt knows, except where the time it takes matters.
const COST = 4;
let hashOfSecret: string;
beforeAll(async () => {
  hashOfSecret = await hash('s3cret', COST);
});

const headers = { 'X-Frame-Options': 'deny', 'Content-Security-Policy': "default-src 'self'" };

function login(url: string, auth: string): Promise<Answer> {
  return ask(url, { auth });
}

describe('basic_auth_users', () => {
  it('lets in who knows the password, and nobody else', async () => {
    const { url } = await startListener({ basic_auth_users: { alice: hashOfSecret } });

    expect(await login(url, 'alice:s3cret')).toMatchObject({ status: 200, body: 'hello' });
    expect(await login(url, 'alice:wrong')).toMatchObject({ status: 401, body: 'Unauthorized\n' });
    expect(await login(url, 'bob:s3cret')).toMatchObject({ status: 401 });
    expect((await ask(url)).headers['www-authenticate']).toBe('Basic');
  });

  it('lets in again who was let in once, and still nobody else', async () => {
    const { url } = await startListener({ basic_auth_users: { alice: hashOfSecret, bob: hashOfSecret } });

    for (const [auth, status] of [
      ['alice:s3cret', 200],
      ['alice:s3cret', 200],
      ['alice:s3cre', 401],
      ['mallory:s3cret', 401],
      ['bob:s3cret', 200],
    ] as const) {
      expect([auth, (await login(url, auth)).status]).toEqual([auth, status]);
    }
  });

  it.each(['$2a$', '$2b$', '$2y$'])('reads hashes that begin with %s', async (version) => {
    const { url } = await startListener({
      basic_auth_users: { alice: hashOfSecret.replace('$2b$', version) },
    });

    expect((await login(url, 'alice:s3cret')).status).toBe(200);
    expect((await login(url, 'alice:wrong')).status).toBe(401);
  });

  it('reads passwords that hold colons and are not ASCII', async () => {
    const { url } = await startListener({ basic_auth_users: { älice: await hash('p:ä:', COST) } });
    const authorization = `Basic ${Buffer.from('älice:p:ä:').toString('base64')}`;

    expect((await ask(url, { headers: { authorization } })).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['another scheme', `Bearer ${Buffer.from('alice:s3cret').toString('base64')}`],
    ['no colon', `Basic ${Buffer.from('alice').toString('base64')}`],
    ['what is not base64', 'Basic ?'],
    ['no credentials', 'Basic'],
    ['the name of an inherited property', `Basic ${Buffer.from('__proto__:s3cret').toString('base64')}`],
  ])('refuses an Authorization header with %s', async (_, authorization) => {
    const { url } = await startListener({ basic_auth_users: { alice: hashOfSecret } });

    expect((await ask(url, { headers: { authorization } })).status).toBe(401);
  });

  it('takes about as long for a user who does not exist as for a wrong password, at the cost of that user', async () => {
    const { url } = await startListener({
      basic_auth_users: { alice: await hash('s3cret', 12), bob: hashOfSecret },
    });
    const attempt = async (auth: string): Promise<number> => {
      const began = performance.now();
      expect((await login(url, auth)).status).toBe(401);
      return performance.now() - began;
    };

    const wrong: number[] = [];
    const unknown: number[] = [];
    // In turns, so that both share what else the machine does; the cost of the other user is a hundredth of it.
    for (const password of ['a', 'b', 'c']) {
      wrong.push(await attempt(`alice:${password}`));
      unknown.push(await attempt(`carol:${password}`));
    }

    expect(median(unknown) / median(wrong)).toBeGreaterThan(0.2);
    expect(median(unknown) / median(wrong)).toBeLessThan(5);
  });

  it('takes new users and drops old ones while running', async () => {
    const { url, configure } = await startListener({ basic_auth_users: { alice: hashOfSecret } });
    expect((await login(url, 'alice:s3cret')).status).toBe(200);

    configure({ basic_auth_users: { bob: hashOfSecret } });

    await waitFor('bob to be let in', async () => (await login(url, 'bob:s3cret')).status === 200);
    expect((await login(url, 'alice:s3cret')).status).toBe(401);
  });

  it('forgets the old password of a user who gets a new one', async () => {
    const { url, configure } = await startListener({ basic_auth_users: { alice: hashOfSecret } });
    expect((await login(url, 'alice:s3cret')).status).toBe(200);

    configure({ basic_auth_users: { alice: await hash('changed', COST) } });

    await waitFor('the new password', async () => (await login(url, 'alice:changed')).status === 200);
    expect((await login(url, 'alice:s3cret')).status).toBe(401);
  });

  it.each([
    ['is empty for a moment', ''],
    ['is not YAML', 'basic_auth_users: {'],
    ['has lost its last line', { basic_auth_users: { alice: '$2b$10$' } }],
  ])('keeps its users while the file %s, and says so once', async (_, broken) => {
    const { url, configure, log } = await startListener({ basic_auth_users: { alice: hashOfSecret } });

    configure(broken);

    const sentence = 'web config cannot be used, the last good one stays in force';
    await waitFor(sentence, () => log().includes(sentence), { show: log });
    expect((await ask(url)).status).toBe(401);
    expect((await login(url, 'alice:s3cret')).status).toBe(200);
    configure({ basic_auth_users: { bob: hashOfSecret } });
    await waitFor('bob to be let in', async () => (await login(url, 'bob:s3cret')).status === 200);
    expect(log().split('stays in force')).toHaveLength(2);
    expect(log()).not.toContain('$2b$');
  });
});

describe('http_server_config.headers', () => {
  it('is added to every answer, also to one that refuses', async () => {
    const { url } = await startListener({
      http_server_config: { http2: true, headers: { ...headers, 'X-XSS-Protection': '' } },
      basic_auth_users: { alice: hashOfSecret },
    });
    const expected = { 'x-frame-options': 'deny', 'content-security-policy': "default-src 'self'" };

    for (const answer of [await login(url, 'alice:s3cret'), await ask(url)]) {
      expect(answer.headers).toMatchObject(expected);
      expect(answer.headers).not.toHaveProperty('x-xss-protection');
    }
  });

  it('follows the file', async () => {
    const { url, configure } = await startListener({});

    configure({ http_server_config: { headers } });

    await waitFor('the header', async () => (await ask(url)).headers['x-frame-options'] === 'deny');
  });
});

describe('rate_limit', () => {
  it('answers a burst, then 429', async () => {
    const { url } = await startListener({ rate_limit: { interval: '1h', burst: 2 } });

    const statuses = [(await ask(url)).status, (await ask(url)).status, (await ask(url)).status];

    expect(statuses).toEqual([200, 200, 429]);
  });

  it('answers one more after each interval', async () => {
    const { url } = await startListener({ rate_limit: { interval: '100ms', burst: 1 } });
    await ask(url);

    await waitFor('one more answer', async () => (await ask(url)).status === 200);
  });

  it('is off with an interval of 0', async () => {
    const { url } = await startListener({ rate_limit: { interval: 0, burst: 1 } });

    expect([(await ask(url)).status, (await ask(url)).status]).toEqual([200, 200]);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
