import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../../src/quickstart/free-port.ts';
import { encodeBatch, firing } from '../../support/alert-builder.ts';
import { runTool } from '../../support/run-tool.ts';
import { sendTo, startProxy, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

jest.setTimeout(60_000);

const SHIPPED = readFileSync('deploy/high-availability/haproxy.cfg', 'utf8');

let folder: TempFolder;
let alertmanager: StubAlertmanager;
let first: RunningProxy;
let second: RunningProxy;
let port: number;
let haproxy: ChildProcess;

beforeEach(async () => {
  folder = createTempFolder();
  alertmanager = await startStubAlertmanager();
  const config = { alertmanagers: [sendTo(alertmanager)] };
  [first, second] = await Promise.all([startProxy(config), startProxy(config)]);
  port = await freePort();
  const file = folder.write(
    'haproxy.cfg',
    SHIPPED.replace('bind :9095', `bind 127.0.0.1:${port}`)
      .replace('proxy-1.example.com:9095', new URL(first.url).host)
      .replace('proxy-2.example.com:9095', new URL(second.url).host),
  );
  haproxy = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  await waitFor('HAProxy', async () => (await send('Warm')) === 200);
});
afterEach(async () => {
  const exit = once(haproxy, 'exit');
  haproxy.kill('SIGTERM');
  await exit;
  await Promise.all([first.stop(), second.stop()]);
  await alertmanager.close();
  folder.remove();
});

// A connection of its own, as after a restart of Prometheus.
async function send(alertname: string): Promise<number | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Connection: 'close' },
    body: encodeBatch([firing({ alertname })]),
  }).catch(() => undefined);
  return response?.status;
}

const arrived = (): (string | undefined)[] => alertmanager.alerts().map(({ labels }) => labels['alertname']);

describe('two proxies behind HAProxy', () => {
  it('are one: the second takes over within some seconds when the first is gone', async () => {
    expect(await send('Before')).toBe(200);
    expect(first.log()).not.toContain('stopping');
    await first.stop();

    await waitFor('the second', async () => (await send('After')) === 200);
    expect(arrived()).toEqual(expect.arrayContaining(['Before', 'After']));
  });
});

describe('the example for HAProxy', () => {
  it('is valid', async () => {
    const known = SHIPPED.replaceAll(/proxy-\d\.example\.com/g, '127.0.0.1');
    expect(await runTool('haproxy', ['-c', '-f', folder.write('check.cfg', known)])).toMatchObject({
      ok: true,
    });
  });
});

describe('the example for keepalived', () => {
  // What keepalived says of the interface, and of scripts, depends on the machine.
  it('has no word that keepalived does not know', async () => {
    const shipped = readFileSync('deploy/high-availability/keepalived.conf', 'utf8');
    const text = shipped.replace(/ +(?:enable_script_security|script_user).*\n/g, '').replace('eth0', 'lo');
    const { output } = await runTool('keepalived', [
      '--config-test',
      `--use-file=${folder.write('keepalived.conf', text)}`,
    ]);

    expect(output).not.toMatch(/unknown keyword/i);
    const broken = folder.write('broken.conf', text.replace('advert_int', 'advert_every'));
    expect((await runTool('keepalived', ['--config-test', `--use-file=${broken}`])).output).toMatch(
      /unknown/i,
    );
  });
});
