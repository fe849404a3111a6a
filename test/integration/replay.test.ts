import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callCommand } from '../support/call-command.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../support/stub-alertmanager.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';

const captured = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/captured/${name}.json`, import.meta.url));
const FIRING = captured('01-firing-3-alerts-unicode-noannotations');
const RESOLVED = captured('02-resolved');

describe('replay', () => {
  let proxy: StubAlertmanager;
  let folder: TempFolder;

  beforeEach(async () => {
    proxy = await startStubAlertmanager();
    folder = createTempFolder();
  });

  afterEach(async () => {
    folder.remove();
    await proxy.close();
  });

  const replay = (...args: string[]): ReturnType<typeof callCommand> =>
    callCommand(['replay', '--url', proxy.url, ...args]);
  const atNoon = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();

  it('posts the bytes of the files in order, as Prometheus would', async () => {
    const { exitCode } = await replay(FIRING, RESOLVED);

    expect(exitCode).toBe(0);
    expect(proxy.posts.map(({ method, path, headers }) => [method, path, headers['content-type']])).toEqual([
      ['POST', '/api/v2/alerts', 'application/json'],
      ['POST', '/api/v2/alerts', 'application/json'],
    ]);
    expect(proxy.posts.map(({ body }) => body)).toEqual([readFileSync(FIRING), readFileSync(RESOLVED)]);
  });

  it('prints a line per batch and a summary', async () => {
    const { stdout } = await replay(FIRING, RESOLVED);

    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^200 +3 alerts +\d+\.\d ms .*01-firing-3-alerts-unicode-noannotations\.json$/),
      expect.stringMatching(/^200 +1 alert +\d+\.\d ms .*02-resolved\.json$/),
      expect.stringMatching(
        /^2 batches, 4 alerts: 2 accepted, 0 refused, 0 unreachable; median .* ms, slowest .* ms$/,
      ),
      '',
    ]);
  });

  it.each([
    ['prometheus:s3cret@', 'prometheus:s3cret'],
    ['prometheus:s%40c%3Aret@', 'prometheus:s@c:ret'],
    ['prometheus@', 'prometheus:'],
  ])('uses the credentials of the URL: %s', async (login, pair) => {
    const url = proxy.url.replace('//', `//${login}`);

    const { stdout, exitCode } = await callCommand(['replay', '--url', url, RESOLVED]);

    expect(exitCode).toBe(0);
    expect(proxy.posts.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from(pair).toString('base64')}`,
    ]);
    expect(stdout).not.toContain('s3cret');
  });

  it('posts a file with a byte order mark, as it is', async () => {
    const { exitCode } = await replay(folder.write('bom.json', '\ufeff[{"labels":{"a":"b"}}]'));

    expect(exitCode).toBe(0);
    expect(proxy.posts[0]!.body.subarray(0, 3)).toEqual(Buffer.from('\ufeff'));
  });

  it('posts everything once more for each repetition', async () => {
    await replay('--repeat', '3', FIRING, RESOLVED);

    expect(proxy.posts.map(({ body }) => body.length)).toEqual([1205, 354, 1205, 354, 1205, 354]);
  });

  it('keeps to the rate', async () => {
    // From before the first one on: that may have been late itself.
    const before = Date.now();
    await replay('--rate', '20', '--repeat', '4', RESOLVED);

    expect(proxy.posts.at(-1)!.receivedAt - before).toBeGreaterThanOrEqual(145);
  });

  it('keeps the path of the URL as a prefix', async () => {
    await callCommand(['replay', '--url', `${proxy.url}/monitoring/`, RESOLVED]);

    expect(proxy.posts.map(({ path }) => path)).toEqual(['/monitoring/api/v2/alerts']);
  });

  it('moves the newest startsAt to now and keeps the intervals and everything else', async () => {
    const older = { labels: { n: '1' }, startsAt: atNoon(0), endsAt: atNoon(5), extra: [1] };
    const newer = { labels: { n: '2' }, startsAt: atNoon(30), endsAt: atNoon(270) };
    const before = Date.now();

    await replay(
      '--shift-time',
      folder.write('a.json', JSON.stringify([older])),
      folder.write('b.json', JSON.stringify([newer])),
    );

    const [first, second] = proxy.alerts();
    const now = Date.parse(second!.startsAt!);
    const shifted = (seconds: number): string => new Date(now + seconds * 1000).toISOString();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
    expect(first).toEqual({ ...older, startsAt: shifted(-30), endsAt: shifted(-25) });
    expect(second).toEqual({ ...newer, startsAt: shifted(0), endsAt: shifted(240) });
  });

  it.each([
    ['no times', [{ labels: {} }]],
    ['times that cannot be read', [{ startsAt: 'yesterday', endsAt: 5 }]],
    ["Go's zero time", [{ startsAt: '0001-01-01T00:00:00.000Z' }]],
    ['elements that are no alerts', [null, 1, 'x']],
  ])('posts a batch with %s as it is when times are shifted', async (_, alerts) => {
    await replay('--shift-time', folder.write('a.json', JSON.stringify(alerts)));

    expect(proxy.alerts()).toEqual(alerts);
  });

  it('goes on after a refused batch, says why and ends with 1', async () => {
    proxy.answer({ status: 400, body: 'alert 0 has\nno labels' });

    const { stdout, exitCode } = await replay(FIRING, RESOLVED);

    expect(exitCode).toBe(1);
    expect(proxy.posts).toHaveLength(2);
    expect(stdout).toMatch(/^400 .*01-firing.*\.json {2}refused: alert 0 has no labels$/m);
    expect(stdout).toContain('0 accepted, 2 refused, 0 unreachable');
  });

  it('does not follow a redirect, which would lose the alerts', async () => {
    proxy.answer({ status: 302, headers: { location: '/elsewhere' } });

    const { stdout, exitCode } = await replay(RESOLVED);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^302 /);
    expect(proxy.posts).toHaveLength(1);
  });

  it('says that nobody listens and ends with 1', async () => {
    await proxy.close();

    const { stdout, exitCode } = await replay(RESOLVED);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^--- .* unreachable: .*ECONNREFUSED/);
    expect(stdout).toContain('0 accepted, 0 refused, 1 unreachable');
  });

  it('posts nothing once it is told to stop', async () => {
    const { stdout } = await callCommand(['replay', '--url', proxy.url, RESOLVED], {
      stop: AbortSignal.abort(),
    });

    expect(proxy.posts).toHaveLength(0);
    expect(stdout).toContain('0 batches');
  });

  it.each([
    ['is not there', undefined, /bad\.json: cannot be read: no such file\n$/],
    ['is not JSON', '[{]', /bad\.json: the file is not JSON; expected a JSON array of alerts\n$/],
    ['holds an object', '{}', /bad\.json: the file is JSON, but not an array of alerts; it must hold .*\n$/],
  ])('says in a sentence that a file %s, and posts nothing', async (_, content, sentence) => {
    if (content !== undefined) folder.write('bad.json', content);

    const { stderr, exitCode } = await replay(FIRING, `${folder.path}/bad.json`);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(proxy.posts).toHaveLength(0);
  });

  it.each([
    ['--url', 'localhost:9095'],
    ['--url', 'ftp://localhost'],
    ['--rate', '0'],
    ['--rate', 'fast'],
    ['--repeat', '0'],
    ['--repeat', '1.5'],
  ])('refuses %s %s', async (flag, value) => {
    const { stderr, exitCode } = await replay(flag, value, RESOLVED);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(`option '${flag}`);
    expect(proxy.posts).toHaveLength(0);
  });
});
