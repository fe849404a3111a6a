import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  startStubQueries,
  startStubSet,
  type StubQueries,
  type StubSet,
  type StubSilence,
} from '../../support/web-stubs.ts';
import { clustersOf, startWebScene, type WebScene } from '../../support/web-scene.ts';
import { waitFor } from '../../support/wait-for.ts';

let sets: StubSet[];
let prometheus: StubQueries;
let scene: WebScene;

const RAID = {
  fingerprint: 'aaaa',
  labels: { alertname: 'CheckFailed', client: 'web-001', check: 'check_raid', severity: 'critical' },
  annotations: { check_output: 'md0 degraded [U_]' },
};

beforeEach(async () => {
  const silences = new Map<string, StubSilence>();
  sets = await Promise.all([startStubSet(silences), startStubSet(silences)]);
  prometheus = await startStubQueries();
  for (const set of sets) set.alerts = [RAID];
  prometheus.series.set('up{job="checks"}', [
    { metric: { client: 'web-001', instance: '127.0.0.1:1' }, value: '1' },
    { metric: { client: 'web-002', instance: '127.0.0.1:2' }, value: '0' },
  ]);
  prometheus.series.set('up{job="checks"} == 0', [
    { metric: { client: 'web-002', instance: '127.0.0.1:2' }, value: '0' },
  ]);
  prometheus.series.set('max(timestamp(up{job="checks"}))', [
    { metric: {}, value: String(Date.now() / 1000) },
  ]);
  prometheus.series.set('check:problem', [
    { metric: { client: 'web-001', check: 'check_raid' }, value: '2' },
    { metric: { client: 'web-002', check: 'check_ntp' }, value: '3' },
  ]);
  scene = await startWebScene({
    clusters: clustersOf({
      east: { am: sets.map(({ address }) => address), prom: [prometheus.address] },
    }),
  });
});
afterEach(async () => {
  await scene.stop();
  await Promise.all([...sets, prometheus].map((stub) => stub.close()));
});

interface Row {
  readonly node: string;
  readonly state: string;
  readonly status: string;
  readonly excerpt: string;
  readonly note: string;
}

async function rows(query = ''): Promise<Row[]> {
  return (await scene.json(`/api/v1/alerts${query}`))['data'] as Row[];
}

async function cluster(): Promise<{ fresh: boolean; warnings: { sentence: string }[]; nodes: object }> {
  return ((await scene.json('/api/v1/clusters'))['data'] as never[])[0] as never;
}

function sentences(): Promise<string> {
  return cluster().then(({ warnings }) => warnings.map(({ sentence }) => sentence).join('\n'));
}

describe('what the page knows', () => {
  it('is alerts with their output, failing checks without an alert, and nodes', async () => {
    await waitFor('both problems', async () => (await rows()).length === 2);
    expect(await rows()).toMatchObject([
      { node: 'web-001', state: 'unhandled', status: 'critical', excerpt: 'md0 degraded [U_]' },
      { node: 'web-002', state: 'no_alert', status: 'unknown' },
    ]);
    await waitFor('the nodes', async () => {
      expect((await cluster()).nodes).toEqual({ up: 1, down: 1, split: 0, unknown: 0 });
      return true;
    });
    expect(await rows('?q=client%3D~"web-.*"+raid')).toHaveLength(1);
    expect(await rows('?state=silenced')).toHaveLength(0);
  });

  it('stays when one Alertmanager answers 503, and the other alone counts then', async () => {
    if (sets[0] === undefined) throw new Error('no stub');
    sets[0].fault = () => ({ status: 503, body: 'limit reached' });
    await waitFor('the failure', async () => (await sentences()).includes('HTTP 503: limit reached'));
    expect(await rows('?q=raid')).toHaveLength(1);
    expect((await cluster()).fresh).toBe(true);
  });

  it('stays with its age when all Alertmanagers hang, and is fresh again after their return', async () => {
    for (const set of sets) set.fault = () => ({ hang: true });
    await waitFor('old data', async () => !(await cluster()).fresh);
    expect(await rows('?q=raid')).toHaveLength(1);
    expect(await sentences()).toContain('What was known then is shown.');
    await waitFor('the reason', async () => {
      const { clusters } = await scene.json('/api/v1/alerts');
      return (clusters as { problem: string }[])[0]?.problem.includes('no complete answer within 500 ms');
    });
    for (const set of sets) set.fault = () => undefined;
    await waitFor('fresh data', async () => (await cluster()).fresh);
  });

  it('is never emptied by an answer that breaks off or is not JSON', async () => {
    await waitFor('the alert', async () => (await rows('?q=raid')).length === 1);
    const broken = [
      { body: '[{"fingerprint":"bbbb",' },
      { body: '<html>' },
      { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[]' },
      { body: '{}' },
    ];
    for (const answer of broken) {
      for (const set of sets) set.fault = () => answer;
      await waitFor('the failure', async () => !(await cluster()).fresh);
      expect(await rows('?q=raid')).toHaveLength(1);
      for (const set of sets) set.fault = () => undefined;
      await waitFor('fresh data', async () => (await cluster()).fresh);
    }
  });

  it('leaves out malformed elements and keeps the rest', async () => {
    for (const set of sets) {
      set.fault = ({ path }) => {
        if (path !== '/api/v2/alerts') return undefined;
        const good = {
          ...RAID,
          startsAt: new Date().toISOString(),
          status: { state: 'active' },
          receivers: null,
        };
        return { body: [null, 1, { labels: { a: 1 } }, good, []] };
      };
    }
    await waitFor('the count', async () =>
      /bad_elements_total\{cluster="east",kind="alerts"\} [1-9]/.test(
        await (await fetch(`${scene.url}/metrics`)).text(),
      ),
    );
    expect(await rows('?q=raid')).toHaveLength(1);
  });

  it('says that alerts do not get through, and which Alertmanager lacks one', async () => {
    if (sets[1] === undefined) throw new Error('no stub');
    sets[1].alerts = [];
    await waitFor(
      'the note',
      async () => (await rows('?q=raid'))[0]?.note === `seen by ${sets[0]?.address ?? ''} only`,
    );
  });

  it('asks each Alertmanager for one list at a time', async () => {
    for (const set of sets) set.fault = () => undefined;
    await waitFor('some rounds', () => (sets[0]?.requests.length ?? 0) > 20);
    // The status is no list, and small.
    for (const set of sets) expect(set.mostListsAtOnce()).toBeLessThanOrEqual(2);
  });

  it('survives a reload whose file cannot be used, and one that changes nothing', async () => {
    await waitFor('the alert', async () => (await rows('?q=raid')).length === 1);
    scene.write({ clusters: [] });
    const refused = await fetch(`${scene.url}/-/reload`, { method: 'POST' });
    expect([refused.status, await refused.text()]).toEqual([500, expect.stringContaining('clusters')]);
    scene.write({
      ui: { title: 'Other' },
      clusters: clustersOf({ east: { am: sets.map(({ address }) => address), prom: [prometheus.address] } }),
    });
    expect((await fetch(`${scene.url}/-/reload`, { method: 'POST' })).status).toBe(200);
    expect(await rows('?q=raid')).toHaveLength(1);
  });

  it('answers errors in the shape of Prometheus, without a trace of the inside', async () => {
    const response = await fetch(`${scene.url}/api/v1/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      status: 'error',
      errorType: 'not_found',
      error: 'Nothing answers at this path.',
    });
    expect((await fetch(`${scene.url}/api/v1/nodes/west/web-001`)).status).toBe(404);
  });
});
