import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeBatch, firing } from '../../support/alert-builder.ts';
import { sample, scrape } from '../../support/scrape.ts';
import { sendTo, startProxy, type ProxyConfig, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';

let alertmanager: StubAlertmanager;
let proxy: RunningProxy;
let reloadable: RunningProxy;

beforeAll(async () => {
  alertmanager = await startStubAlertmanager();
  proxy = await startProxy(config());
  reloadable = await startProxy(config(), { enableLifecycle: true, routePrefix: '/proxy' });
});

afterAll(async () => {
  await Promise.all([proxy.stop(), reloadable.stop()]);
  await alertmanager.close();
});

describe('the path of alerts', () => {
  it.each([
    ['/api/v2/alerts', ''],
    ['/api/v2/alerts/', ''],
    ['/api/v1/alerts', '{"status":"success"}'],
    ['/api/v1/alerts/', '{"status":"success"}'],
    ['/any/prefix/api/v2/alerts', ''],
    ['/proxy//api/v2/alerts/', ''],
    ['/api/v2/alerts?source=a', ''],
  ])('takes a POST to %s', async (path, body) => {
    const before = alertmanager.posts.length;

    const response = await send('POST', path);

    expect([response.status, await response.text()]).toEqual([200, body]);
    expect(alertmanager.posts.slice(before).map((post) => post.path)).toEqual(['/api/v2/alerts']);
  });

  it.each(['/api/v3/alerts', '/api/v2/alert', '/api/v2/alerts/x', '/', '/API/V2/silences'])(
    'knows no POST to %s',
    async (path) => {
      const before = alertmanager.posts.length;

      expect((await send('POST', path)).status).toBe(404);
      expect(alertmanager.posts).toHaveLength(before);
    },
  );

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('takes no %s', async (method) => {
    const response = await send(method, '/api/v2/alerts');

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('counts each request that is not a POST, and logs a client once a minute', async () => {
    const counted = await answeredWith405();

    await send('GET', '/api/v2/alerts');
    await send('GET', '/api/v2/alerts');

    expect(await answeredWith405()).toBe(counted + 2);
    const lines = proxy
      .log()
      .split('\n')
      .filter((line) => line.includes('only POST is answered here'));
    expect(lines).toEqual([expect.stringMatching(/msg="refused a request" .* client=127\.0\.0\.1$/)]);
  });

  async function answeredWith405(): Promise<number> {
    return sample(await scrape(proxy.url), 'alertmanager_proxy_batches_total', { code: '405' }) ?? 0;
  }

  it('never redirects', async () => {
    for (const path of ['/api/v2/alerts', '/api/v2/alerts/', '//api/v2/alerts']) {
      expect((await send('POST', path)).status).toBe(200);
    }
  });
});

describe('health', () => {
  it.each(['GET', 'HEAD'])('answers %s', async (method) => {
    for (const path of ['/-/healthy', '/-/ready']) {
      const response = await send(method, path);

      expect(response.status).toBe(200);
      expect(await response.text()).toBe(
        method === 'HEAD' ? '' : `alertmanager-proxy is ${path.slice(3)}.\n`,
      );
    }
  });

  it('answers under its prefix only, but alerts anywhere', async () => {
    const statusOf = async (method: string, path: string): Promise<number> =>
      (await send(method, path, reloadable)).status;

    expect(await statusOf('GET', '/proxy/-/healthy')).toBe(200);
    expect(await statusOf('GET', '/-/healthy')).toBe(404);
    expect(await statusOf('POST', '/api/v2/alerts')).toBe(200);
    expect(await statusOf('POST', '/proxy/api/v2/alerts')).toBe(200);
  });
});

describe('reload', () => {
  it.each([
    ['POST', 403, 'Lifecycle API is not enabled. Start with --web.enable-lifecycle.\n'],
    ['PUT', 403, 'Lifecycle API is not enabled. Start with --web.enable-lifecycle.\n'],
    ['GET', 405, 'Only POST or PUT requests allowed\n'],
  ])('answers %s with %d where it is not enabled', async (method, status, text) => {
    const response = await send(method, '/-/reload');

    expect([response.status, await response.text()]).toEqual([status, text]);
  });

  it.each([
    ['POST', 200, ''],
    ['PUT', 200, ''],
    ['GET', 405, 'Only POST or PUT requests allowed\n'],
  ])('answers %s with %d where it is enabled', async (method, status, text) => {
    const response = await send(method, '/proxy/-/reload', reloadable);

    expect([response.status, await response.text()]).toEqual([status, text]);
  });

  it('answers with what is wrong with the file, and the old one goes on serving', async () => {
    reloadable.rewrite({ ...config(), enrichment: { deadline: '2 seconds' } });

    const response = await send('POST', '/proxy/-/reload', reloadable);

    expect(response.status).toBe(500);
    expect(await response.text()).toMatch(/^failed to reload config:\n[\s\S]*enrichment\.deadline/);
    expect((await send('POST', '/api/v2/alerts', reloadable)).status).toBe(200);
    expect(await wasReloaded()).toBe(0);

    reloadable.rewrite(config());
    await send('POST', '/proxy/-/reload', reloadable);
    expect(await wasReloaded()).toBe(1);
  });

  async function wasReloaded(): Promise<number | undefined> {
    const text = await scrape(`${reloadable.url}/proxy`);
    return sample(text, 'alertmanager_proxy_config_last_reload_successful');
  }
});

function config(): ProxyConfig {
  return { alertmanagers: [sendTo(alertmanager)] };
}

function send(method: string, path: string, to = proxy): Promise<Response> {
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return fetch(new URL(to.url).origin + path, {
    method,
    redirect: 'manual',
    headers: { 'Content-Type': 'application/json' },
    ...(hasBody && { body: new Uint8Array(encodeBatch([firing({ job: 'node' })])) }),
  });
}
