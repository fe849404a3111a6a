import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendTo, startProxy, type ProxyConfig, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';

let alertmanager: StubAlertmanager;
let proxy: RunningProxy | undefined;

beforeEach(async () => {
  alertmanager = await startStubAlertmanager();
});
afterEach(async () => {
  await proxy?.stop();
  await alertmanager.close();
});

async function postVia(entry: ProxyConfig): Promise<Response> {
  proxy = await startProxy({ alertmanagers: [entry], sources: [] });
  return proxy.post(Buffer.from('[{"labels":{"alertname":"A"}}]'));
}

describe('an Alertmanager is addressed as Prometheus does', () => {
  it.each([
    ['a relative prefix', { path_prefix: 'am' }, '/am/api/v2/alerts'],
    ['a doubled slash', { path_prefix: '//am//x/' }, '/am/x/api/v2/alerts'],
    ['an empty prefix', { path_prefix: '' }, '/api/v2/alerts'],
    ['a prefix with a blank', { path_prefix: '/a m' }, '/a%20m/api/v2/alerts'],
  ])('with %s', async (_, settings, path) => {
    expect((await postVia({ ...sendTo(alertmanager), ...settings })).status).toBe(200);
    expect(alertmanager.posts.map((post) => post.path)).toEqual([path]);
  });

  it.each([
    ['a path of the target', { __alerts_path__: '/own//path' }, '/own/path'],
    ['a scheme of the target', { __scheme__: 'http' }, '/am/api/v2/alerts'],
    ['labels that mean nothing here', { team: 'a', __address__: 'elsewhere:1' }, '/am/api/v2/alerts'],
  ])('with %s', async (_, labels, path) => {
    const entry = {
      scheme: '__scheme__' in labels ? 'https' : 'http',
      path_prefix: '/am',
      static_configs: [{ targets: [alertmanager.address], labels }],
    };

    expect((await postVia(entry)).status).toBe(200);
    expect(alertmanager.posts.map((post) => post.path)).toEqual([path]);
  });

  it('with https for a target whose label says so', async () => {
    const response = await postVia({
      static_configs: [{ targets: [alertmanager.address], labels: { __scheme__: 'https' } }],
    });

    expect(response.status).toBe(502);
    expect(await response.text()).toContain(`https://${alertmanager.address}/api/v2/alerts: tls`);
    expect(alertmanager.posts).toHaveLength(0);
  });

  it('with the bytes of UTF-8 in headers', async () => {
    await postVia({
      ...sendTo(alertmanager),
      http_headers: { 'X-Scope-OrgID': { values: ['größe'] }, 'X-Note': { secrets: ['警告'] } },
    });

    const { headers } = alertmanager.posts[0]!;
    const utf8 = (name: string): string => Buffer.from(String(headers[name]), 'latin1').toString();
    expect([utf8('x-scope-orgid'), utf8('x-note')]).toEqual(['größe', '警告']);
  });
});

describe('an Alertmanager that redirects', () => {
  it.each([
    [308, 'https://am.example.com/api/v2/alerts?token=hunter2', 'https://am.example.com/api/v2/alerts'],
    [301, '/alertmanager/api/v2/alerts', '/alertmanager/api/v2/alerts'],
    [302, 'https://user:hunter2@login.example.com/', 'https://login.example.com/'],
  ])('with %i is named with where it leads', async (status, location, target) => {
    alertmanager.answer({ status, headers: { location } });

    const text = await (await postVia(sendTo(alertmanager))).text();

    expect(text).toContain(`HTTP status ${status}, a redirect to ${target}`);
    expect(text).not.toContain('hunter2');
  });
});

describe('a proxy that has found no Alertmanager', () => {
  it('is not ready, and says why', async () => {
    proxy = await startProxy({
      alertmanagers: [{ dns_sd_configs: [{ names: ['am.invalid.'], type: 'A', port: 9093 }] }],
      sources: [],
    });

    const response = await fetch(`${proxy.url}/-/ready`);

    expect(response.status).toBe(503);
    expect(await response.text()).toBe(
      'alertmanager-proxy knows no Alertmanager: dns_sd_configs have found none yet.\n',
    );
  });
});
