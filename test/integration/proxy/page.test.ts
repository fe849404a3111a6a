import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tableOf } from '../../support/html-outline.ts';
import { firing } from '../../support/alert-builder.ts';
import { startPageScene, type PageScene } from '../../support/page-scene.ts';

let scene: PageScene;

async function get(path: string, init: RequestInit = {}): Promise<{ response: Response; page: string }> {
  const response = await fetch(`${scene.proxy.url}${path}`, { redirect: 'manual', ...init });
  return { response, page: await response.text() };
}

describe('GET /', () => {
  beforeEach(async () => {
    scene = await startPageScene();
  });
  afterEach(() => scene.stop());

  it('tells how Alertmanagers, sources and nodes are doing', async () => {
    const { page } = await get('/');

    const alertmanagers = tableOf(page, 'alertmanagers').slice(1);
    expect(alertmanagers.map((cells) => cells[1]).sort()).toEqual(['not accepting alerts', 'up', 'up']);
    expect(alertmanagers.find((cells) => cells[1] !== 'up')?.[5]).toMatch(/^network: /);
    const [, core, agent] = tableOf(page, 'sources');
    expect(core?.slice(3)).toEqual(['failed 1 100 %', '1 timeout', '1']);
    expect(agent?.slice(3)).toEqual([
      'fresh 6 32 % cached 6 32 % failed 7 37 %',
      '3 refused 1 not_found',
      '3',
    ]);
    expect(tableOf(page, 'nodes')).toHaveLength(1 + 5);
  });

  it('tells what became of the last alerts', async () => {
    const { page } = await get('/?q=web-01+check_disk');

    const [, row, ...more] = tableOf(page, 'enrichments');
    expect(more).toEqual([]);
    // By alert, not by send: however often it was sent.
    expect(row?.slice(1, 5)).toEqual(['CheckFailed', 'web-01.example.com', 'check_disk', 'node-agent']);
    expect(['fresh', 'cached']).toContain(row?.[5]);
    expect(row?.at(-1)).toBe('DISK CRITICAL: /var 97 % used, 3 GB left');
  });

  it('links an alert to its place in an Alertmanager that is up', async () => {
    const { page } = await get('/?q=PortsDown');

    const [, url = ''] = /href="([^"]*filter=[^"]*)"/.exec(page) ?? [];
    const up = scene.alertmanagers.map(({ url }) => `${url}/#/alerts`);
    expect(up).toContain(url.slice(0, url.indexOf('?')));
    expect(decodeURIComponent(url.slice(url.indexOf('filter=') + 7))).toBe(
      '{alertname="PortsDown",check="check_ports",device="switch-7",severity="warning"}',
    );
  });

  it('shows the configuration in force, without its secrets', async () => {
    const { page } = await get('/');

    expect(page).toContain('max_concurrency: 256');
    expect(page).toContain('password: &lt;secret&gt;');
    expect(page).not.toContain('hunter2');
  });

  it('allows no script, no frame and nothing from elsewhere, and is not kept', async () => {
    const { response } = await get('/');

    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is below 100 KB on the wire with 200 enrichments', async () => {
    const many = Array.from({ length: 256 }, (_, index) =>
      firing({
        alertname: 'CheckFailed',
        client: `n${index}`,
        check: 'c',
        instance: '127.0.0.9:1',
        job: 'node',
      }),
    );
    await scene.proxy.post(many);

    const packed = await fetch(scene.proxy.url, { headers: { 'accept-encoding': 'gzip' } });
    const plain = await get('/', { headers: { 'accept-encoding': 'identity' } });

    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(100_000);
    expect(plain.response.headers.get('content-encoding')).toBeNull();
    expect(tableOf(plain.page, 'enrichments')).toHaveLength(1 + 200);
  });

  it('says why the file could not be loaded again, until it can', async () => {
    scene.proxy.rewrite({ alertmanagers: [], surces: [] });
    await scene.proxy.reload();

    const { page } = await get('/');

    expect(page).toContain('could not be loaded again');
    expect(page).toContain('surces');
    expect(tableOf(page, 'alertmanagers')).toHaveLength(1 + 3);
  });
});

describe('GET / with --web.route-prefix', () => {
  beforeEach(async () => {
    scene = await startPageScene({ routePrefix: '/alerts/proxy' });
  });
  afterEach(() => scene.stop());

  it('answers below the prefix, and leads there', async () => {
    expect((await get('/alerts/proxy/')).response.status).toBe(200);
    expect((await get('/')).response.status).toBe(404);

    const { response } = await get('/alerts/proxy?q=x');

    expect(response.status).toBe(308);
    expect(response.headers.get('location')).toBe('/alerts/proxy/');
  });
});

describe('GET / with --web.admin-listen-address', () => {
  beforeEach(async () => {
    scene = await startPageScene({ adminListenAddress: '127.0.0.1:0' });
  });
  afterEach(() => scene.stop());

  it('does not answer where the alerts come in', async () => {
    expect((await get('/')).response.status).toBe(404);
  });
});
