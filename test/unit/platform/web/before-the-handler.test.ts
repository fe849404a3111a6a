import { beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from 'bcrypt';
import { ask, startListener } from '../../../support/web-listener.ts';

let hashOfSecret: string;
beforeAll(async () => {
  hashOfSecret = await hash('s3cret', 4);
});

describe('a request that makes something fail', () => {
  it.each([undefined, { 'X-Frame-Options': 'deny' }])(
    'is answered with 400 if the handler throws, and others go on (its headers: %j)',
    async (headers) => {
      const { url, log } = await startListener(
        {},
        {},
        {
          handler: ({ url: path }, response) => {
            if (path === '/bad') {
              if (headers !== undefined) response.setHeaders(new Map(Object.entries(headers)));
              throw new TypeError('dest[field].push is not a function');
            }
            response.end('hello');
          },
        },
      );

      const answers = await Promise.all([ask(`${url}/bad`), ask(`${url}/bad`), ask(`${url}/bad`)]);

      for (const { status, headers: got } of answers) {
        expect(status).toBe(400);
        expect(got.connection).toBe('close');
      }
      expect((await ask(`${url}/good`)).status).toBe(200);
      expect(log().split('refused a request that could not be read')).toHaveLength(2);
      expect(log()).toContain('dest[field].push is not a function');
    },
  );

  it('loses its connection if the answer has begun', async () => {
    const { url } = await startListener(
      {},
      {},
      {
        handler: (_, response) => {
          response.writeHead(200, { 'Content-Length': 10 });
          response.write('half');
          throw new Error('too late');
        },
      },
    );

    await expect(ask(url)).rejects.toThrow('aborted');
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    'is answered as any other with a header named %s',
    async (name) => {
      const { url } = await startListener({ basic_auth_users: { alice: hashOfSecret } });

      expect((await ask(url, { headers: Object.fromEntries([[name, '1']]) })).status).toBe(401);
    },
  );
});

describe('probes', () => {
  it.each(['/-/healthy', '/-/ready', '/-/healthy?x=1'])(
    'answers %s without a password and outside of the rate limit',
    async (path) => {
      const { url } = await startListener({
        basic_auth_users: { alice: hashOfSecret },
        rate_limit: { interval: '1h', burst: 1 },
      });

      for (let count = 0; count < 3; count++) expect((await ask(url + path)).status).toBe(200);
      expect((await ask(url + path, { method: 'HEAD' })).status).toBe(200);
      expect((await ask(url, { auth: 'alice:s3cret' })).status).toBe(200);
      expect((await ask(url, { auth: 'alice:s3cret' })).status).toBe(429);
    },
  );

  it.each([
    '/',
    '/metrics',
    '/metrics?/-/healthy',
    '/results/-/healthy',
    '/x/-/healthy',
    '//-/healthy',
    '/-/healthy/',
    '/-/healthy/../../metrics',
    '/-/reload',
    '/%2d/healthy',
  ])('does not take %s for one', async (path) => {
    const { url } = await startListener({ basic_auth_users: { alice: hashOfSecret } });

    expect((await ask(url, { path })).status).toBe(401);
  });

  it('does not take a POST for one', async () => {
    const { url } = await startListener({ basic_auth_users: { alice: hashOfSecret } });

    expect((await ask(`${url}/-/healthy`, { method: 'POST' })).status).toBe(401);
  });

  it('finds them below the route prefix only', async () => {
    const { url } = await startListener(
      { basic_auth_users: { alice: hashOfSecret } },
      {},
      { routePrefix: '/proxy' },
    );

    expect((await ask(`${url}/proxy/-/healthy`)).status).toBe(200);
    expect((await ask(`${url}/-/healthy`)).status).toBe(401);
  });
});
