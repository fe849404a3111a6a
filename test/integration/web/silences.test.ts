import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clustersOf, startWebScene, type WebScene } from '../../support/web-scene.ts';
import { startStubSet, type StubSet, type StubSilence } from '../../support/web-stubs.ts';
import { waitFor } from '../../support/wait-for.ts';

let silences: Map<string, StubSilence>;
let sets: StubSet[];
let scene: WebScene;

const ALERTS = ['web-001', 'web-002'].map((client, index) => ({
  fingerprint: `aaa${index}`,
  labels: { alertname: 'CheckFailed', client, check: 'check_raid', severity: 'critical' },
  annotations: { check_output: '<script>alert(1)</script>' },
}));

beforeEach(async () => {
  silences = new Map<string, StubSilence>();
  sets = await Promise.all([startStubSet(silences), startStubSet(silences)]);
  for (const set of sets) set.alerts = ALERTS;
  await start('operator');
});
afterEach(async () => {
  await scene.stop();
  await Promise.all(sets.map((stub) => stub.close()));
});

async function start(role: string): Promise<void> {
  scene = await startWebScene({
    clusters: clustersOf({ east: { am: sets.map(({ address }) => address) } }),
    authorization: { anonymous_role: role },
  });
  await waitFor('the alerts', async () => (await text('/problems')).includes('web-002'));
}

async function text(path: string): Promise<string> {
  return (await fetch(`${scene.url}${path}`)).text();
}

function post(
  path: string,
  fields: readonly [string, string][],
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${scene.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams([...fields]),
    headers: { origin: scene.url, ...headers },
  });
}

const FORM: [string, string][] = [
  ['cluster', 'east'],
  ['filter', 'check="check_raid"'],
  ['duration', '2h'],
  ['comment', 'INC-1'],
  ['author', 'alice'],
];

describe('a silence made in the page', () => {
  it('is in force on both Alertmanagers, written once, and says what it hits', async () => {
    const page = await (await post('/silences', FORM)).text();
    for (const { address } of sets) expect(page).toContain(address);
    expect(page).toContain('in force on');
    expect([...silences.values()]).toMatchObject([
      {
        createdBy: 'alice',
        comment: 'INC-1',
        matchers: [{ name: 'check', value: 'check_raid', isRegex: false, isEqual: true }],
      },
    ]);
    const list = await scene.json('/api/v1/silences');
    expect(list['data']).toMatchObject([{ author: 'alice', hits: 2 }]);
    expect(scene.log()).toMatch(/msg="silence created" audit=true user=anonymous .*cluster=east result=ok/);
  });

  it('is one for many alerts of a check', async () => {
    const fields: [string, string][] = [
      ['alert', 'east/aaa0'],
      ['alert', 'east/aaa1'],
      ['duration', '1h'],
      ['comment', 'c'],
      ['author', 'bob'],
    ];
    await post('/silences', fields);
    expect([...silences.values()].map(({ matchers }) => matchers)).toEqual([
      [
        { name: 'check', value: 'check_raid', isRegex: false, isEqual: true },
        { name: 'client', value: 'web-001|web-002', isRegex: true, isEqual: true },
      ],
    ]);
  });

  it('goes to the other Alertmanager when one is down, and says so', async () => {
    await sets[0]?.close();
    const page = await (await post('/silences', FORM)).text();
    expect(page).toContain(`created on ${sets[1]?.address ?? ''}`);
    expect(page).toContain('it learns of it when it is back');
    expect(silences.size).toBe(1);
  });

  it('is not written twice when an Alertmanager takes it and dies before it answers', async () => {
    for (const set of sets) {
      let isFirst = true;
      set.fault = ({ method, body }) => {
        if (method !== 'POST' || !isFirst || silences.size > 0) return undefined;
        isFirst = false;
        const posted = JSON.parse(body.toString()) as StubSilence;
        silences.set('dead-beef', {
          ...posted,
          id: 'dead-beef',
          state: 'active',
          updatedAt: posted.startsAt,
        });
        return { reset: true };
      };
    }
    const page = await (await post('/silences', FORM)).text();
    expect([...silences.keys()]).toEqual(['dead-beef']);
    expect(page).toContain('in force on');
  });

  it.each<[string, [string, string][], string]>([
    ['no comment', [['comment', ' ']], 'A comment is required'],
    ['no author', [['author', '']], 'An author is required'],
    ['a duration that is not one', [['duration', 'soon']], 'must be such as 2h'],
    ['a duration that is too long', [['duration', '90d']], 'at most 4w2d'],
    ['a matcher that is not one', [['filter', '<b>x']], '&lt;b&gt;x'],
    ['matchers of everything', [['filter', 'client=~".*"']], 'would silence everything'],
  ])('is refused with %s, and keeps what was typed', async (_, changes, sentence) => {
    const fields = new Map([...FORM, ...changes]);
    const response = await post('/silences', [...fields]);
    expect(response.status).toBe(400);
    const page = await response.text();
    expect(page).toContain(sentence);
    expect(page).toContain('name="comment"');
    expect(silences.size).toBe(0);
  });

  it('is refused with the reasons of all when no Alertmanager takes it', async () => {
    for (const set of sets)
      set.fault = ({ method }) => (method === 'POST' ? { status: 503, body: 'busy' } : undefined);
    const response = await post('/silences', FORM);
    expect(response.status).toBe(502);
    const page = await response.text();
    for (const { address } of sets) expect(page).toContain(`${address}: HTTP 503: busy`);
    expect(page).toContain('INC-1');
  });

  it('is extended and expired', async () => {
    await post('/silences', FORM);
    const [[id, before] = ['', undefined]] = [...silences];
    await post('/silences/bulk', [
      ['id', `east/${id}`],
      ['action', 'extend'],
      ['by', '1h'],
    ]);
    const after = silences.get(id);
    expect(silences.size).toBe(1);
    expect(Date.parse(after?.endsAt ?? '') - Date.parse(before?.endsAt ?? '')).toBeGreaterThan(3_500_000);
    await post('/silences/bulk', [
      ['id', `east/${id}`],
      ['action', 'expire'],
    ]);
    expect(silences.get(id)?.state).toBe('expired');
    expect(await text('/silences')).not.toContain(id);
  });
});

describe('a change from elsewhere', () => {
  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'http://evil.example.com' }],
    ['nowhere', { origin: 'null' }],
    ['another site by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused: %s', async (_, headers) => {
    expect((await post('/silences', FORM, headers)).status).toBe(403);
    expect(silences.size).toBe(0);
  });

  it('is refused to a viewer, who sees no button', async () => {
    await scene.stop();
    await start('viewer');
    const response = await post('/silences', FORM);
    expect(response.status).toBe(403);
    expect(silences.size).toBe(0);
    expect(scene.log()).toContain('result=forbidden');
    expect(await text('/problems')).not.toContain('Silence what is ticked');
  });

  it('shows nothing to somebody without a role', async () => {
    await scene.stop();
    scene = await startWebScene({
      clusters: clustersOf({ east: { am: sets.map(({ address }) => address) } }),
      authorization: { anonymous_role: 'none' },
    });
    expect(await text('/problems')).not.toContain('web-001');
    expect((await fetch(`${scene.url}/nodes/east/web-001`)).status).toBe(404);
    expect((await scene.json('/api/v1/clusters'))['data']).toEqual([]);
  });
});

describe('every page', () => {
  it.each([
    '/',
    '/problems',
    '/nodes',
    '/checks',
    '/silences',
    '/silences/new',
    '/nodes/east/web-001',
    '/checks/east/web-001/check_raid',
  ])('%s is HTML without a trace of what an alert carries', async (path) => {
    const response = await fetch(`${scene.url}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
    expect(await response.text()).not.toContain('<script');
  });

  it('leads from the link of a mail to the check, or to a search', async () => {
    const to = async (query: string): Promise<string | null> =>
      (await fetch(`${scene.url}/check?${query}`, { redirect: 'manual' })).headers.get('location');
    expect(await to('client=web-001&check=check_raid')).toBe('/checks/east/web-001/check_raid');
    expect(await to('client=gone&check=x')).toContain('/problems?q=client%3D%22gone%22');
  });
});
