import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';
import { freePort } from '../../src/quickstart/free-port.ts';
import { encodeBatch, firing } from '../support/alert-builder.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../support/stub-alertmanager.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

jest.setTimeout(60_000);

let folder: TempFolder;
let first: StubAlertmanager;
let second: StubAlertmanager;
let command: RunningCommand | undefined;

beforeEach(async () => {
  folder = createTempFolder();
  [first, second] = await Promise.all([startStubAlertmanager(), startStubAlertmanager()]);
});

afterEach(async () => {
  command?.kill('SIGKILL');
  await command?.ended();
  await Promise.all([first.close(), second.close()]);
  folder.remove();
});

function configure(...stubs: readonly StubAlertmanager[]): string {
  const targets = stubs.map(({ address }) => address);
  return folder.write('proxy.yml', stringify({ alertmanagers: [{ static_configs: [{ targets }] }] }));
}

async function serve(...flags: readonly string[]): Promise<{ proxy: RunningCommand; url: string }> {
  const config = configure(first);
  const proxy = runCommand([
    'serve',
    `--config.file=${config}`,
    '--web.listen-address=127.0.0.1:0',
    ...flags,
  ]);
  command = proxy;
  const [, url = ''] = await proxy.printed(/msg="ready to take alerts" url=(\S+)/);
  return { proxy, url };
}

function post(url: string): Promise<Response> {
  return fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: new Uint8Array(encodeBatch([firing({ n: '1' })])),
  });
}

const loads = ({ stderr }: RunningCommand): number =>
  stderr.match(/msg="configuration loaded"/g)?.length ?? 0;

describe('serve', () => {
  it('reloads at SIGHUP', async () => {
    const { proxy, url } = await serve();
    configure(second);

    proxy.kill('SIGHUP');

    await waitFor('the reload', () => loads(proxy) === 2);
    expect((await post(url)).status).toBe(200);
    expect([first, second].map(({ posts }) => posts.length)).toEqual([0, 1]);
    expect(await proxy.stop()).toBe(0);
  });

  it('reloads by itself with --config.auto-reload', async () => {
    const { proxy } = await serve('--config.auto-reload', '--config.auto-reload-interval=100ms');
    configure(second);

    await waitFor('the reload', () => loads(proxy) === 2);
    expect(await proxy.stop()).toBe(0);
  });

  it('answers at SIGTERM what is under way, and takes no more', async () => {
    first.answer({ delayMs: 500 });
    const { proxy, url } = await serve();
    const answer = post(url);
    await waitFor('the batch at Alertmanager', () => first.posts.length === 1);

    proxy.kill('SIGTERM');

    await proxy.printed(/msg=stopping/);
    await expect(post(url)).rejects.toThrow();
    expect((await answer).status).toBe(200);
    expect(await proxy.ended()).toBe(0);
  });

  it('goes on taking alerts when nobody reads its log any more', async () => {
    const { proxy, url } = await serve('--log.level=debug');
    proxy.closeOutput();
    first.answer({ status: 503 });
    await post(url);
    first.answer({});

    expect((await post(url)).status).toBe(200);
  });

  it('goes on taking alerts when the disk of its log is full', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const flags = [`--config.file=${configure(first)}`, `--web.listen-address=${address}`];
    command = runCommand(['serve', ...flags], { files: { stderr: '/dev/full' } });

    await waitFor('the proxy', async () => (await fetch(`http://${address}/-/ready`)).ok);

    expect((await post(`http://${address}`)).status).toBe(200);
  });

  it('ends at once when asked to stop a second time', async () => {
    first.answer({ hang: true });
    const { proxy, url } = await serve();
    const answer = post(url).catch(() => 'broken off');
    await waitFor('the batch at Alertmanager', () => first.posts.length === 1);
    const begin = performance.now();
    proxy.kill('SIGTERM');
    await proxy.printed(/msg=stopping/);

    // A second one that comes with the first is not meant as a second one.
    proxy.kill('SIGINT');
    const again = setInterval(() => {
      proxy.kill('SIGTERM');
    }, 100);

    expect(await proxy.ended()).toBe(1);
    clearInterval(again);
    expect(performance.now() - begin).toBeGreaterThan(500);
    expect(proxy.stderr).toContain('msg="asked to stop a second time: ending at once"');
    expect(await answer).toBe('broken off');
  });

  it.each(['proxy', '//proxy//'])('takes %s as --web.route-prefix', async (prefix) => {
    const { url } = await serve(`--web.route-prefix=${prefix}`);

    const codes = ['/proxy/-/healthy', '/-/healthy'].map(async (path) => (await fetch(url + path)).status);
    expect(await Promise.all(codes)).toEqual([200, 404]);
    expect((await post(url)).status).toBe(200);
  });

  it.each([
    ['--web.route-prefix=/a b', 'Expected a path such as /proxy'],
    ['--web.route-prefix=/:a', 'Expected a path such as /proxy'],
    ['--config.auto-reload-interval=0s', 'Expected a duration such as 30s or 1m30s'],
    ['--config.auto-reload-interval=often', 'Expected a duration such as 30s or 1m30s'],
  ])('refuses %s', async (flag, sentence) => {
    const refused = runCommand(['serve', flag]);

    expect(await refused.ended()).toBe(1);
    expect(refused.stderr).toContain(sentence);
  });
});

describe('runner', () => {
  it('leaves no process of a check when asked to stop a second time', async () => {
    const pidFile = join(folder.path, 'pids');
    const check = { command: `trap '' TERM; sleep 86397 & echo $$ $! > ${pidFile}; wait; wait`, interval: 1 };
    const sockets = { socket: { enabled: false }, http_socket: { enabled: false } };
    folder.write(
      'conf.d/all.json',
      JSON.stringify({
        client: { name: 'node', subscriptions: [], ...sockets },
        checks: { stubborn: { standalone: true, ...check } },
      }),
    );
    const runner = runCommand(['runner', '--config.dir', join(folder.path, 'conf.d'), '--log.file=-']);
    command = runner;
    const pids = await waitFor('the check', () => {
      const written = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim().split(' ') : [];
      return written.length === 2 && written;
    });
    runner.kill('SIGTERM');

    const again = setInterval(() => {
      runner.kill('SIGTERM');
    }, 300);

    expect(await runner.ended()).toBe(1);
    clearInterval(again);
    await waitFor('its processes to be gone', () => !pids.some((pid) => existsSync(`/proc/${pid}`)));
    expect(runner.stderr).toContain('asked to stop a second time: ending at once');
  });
});

describe('a command whose output cannot be written', () => {
  it('says so, and fails', async () => {
    const full = runCommand(['check-config', configure(first)], { files: { stdout: '/dev/full' } });

    expect(await full.ended()).toBe(1);
    expect(full.stderr).toContain('cannot write to standard output: ENOSPC');
  });
});
