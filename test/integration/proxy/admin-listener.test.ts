import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeBatch, firing } from '../../support/alert-builder.ts';
import { useProxy } from '../../support/proxy-scene.ts';

const scene = useProxy({
  options: { adminListenAddress: '127.0.0.1:0', enableLifecycle: true },
  isShared: true,
});
let admin: string;

beforeAll(() => {
  const urls = [...scene.proxy.log().matchAll(/msg=listening url=(\S+)/g)].map(([, url]) => url ?? '');
  admin = urls.find((url) => url !== scene.proxy.url) ?? '';
});

const ADMIN: readonly (readonly [string, string])[] = [
  ['GET', '/-/healthy'],
  ['HEAD', '/-/healthy'],
  ['GET', '/-/ready'],
  ['HEAD', '/-/ready'],
  ['GET', '/metrics'],
  ['GET', '/api/v1/enrichments'],
  ['POST', '/-/reload'],
  ['PUT', '/-/reload'],
];

describe('with --web.admin-listen-address', () => {
  it.each(ADMIN)('%s %s answers there', async (method, path) => {
    expect((await fetch(admin + path, { method })).status).toBe(200);
  });

  it.each([...ADMIN, ['GET', '/'] as const, ['GET', '/-/reload'] as const])(
    '%s %s is unknown where alerts are taken',
    async (method, path) => {
      expect((await fetch(scene.proxy.url + path, { method })).status).toBe(404);
    },
  );

  it('alerts are taken at the address for alerts only', async () => {
    expect((await scene.proxy.post([firing({ n: '1' })])).status).toBe(200);
    expect((await postTo(`${admin}/api/v2/alerts`)).status).toBe(404);
    expect(scene.alertmanager.posts).toHaveLength(1);
  });
});

describe('an unknown path', () => {
  it.each([
    ['/nowhere'],
    ['/%'],
    ['/%ff/%00'],
    ['/<script>alert(1)</script>'],
    ['//evil.example/-/healthy'],
    ['/api/v2/silences'],
  ])('%s is answered with a sentence that does not repeat it', async (path) => {
    for (const url of [admin, scene.proxy.url]) {
      const response = await fetch(url + path, { redirect: 'manual' });

      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await response.text()).toBe(
        'Nothing answers at this path. Alerts are taken by POST at /api/v2/alerts.\n',
      );
    }
  });
});

function postTo(url: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: new Uint8Array(encodeBatch([firing({ n: '1' })])),
  });
}
