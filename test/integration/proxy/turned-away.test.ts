import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashSync } from 'bcrypt';
import { createAuthority, LOOPBACK, type Authority } from '../../support/certificates.ts';
import { firing } from '../../support/alert-builder.ts';
import { sample } from '../../support/scrape.ts';
import { sendTo, startProxy, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { runTool } from '../../support/run-tool.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { ask, type Answer } from '../../support/web-listener.ts';

const GOOD = { headers: { authorization: `Basic ${btoa('prometheus:right')}` } };
const WRONG = { headers: { authorization: `Basic ${btoa('prometheus:wrong')}` } };

let folder: TempFolder;
let authority: Authority;
let alertmanager: StubAlertmanager;
let proxy: RunningProxy;

beforeEach(async () => {
  folder = createTempFolder();
  authority = await createAuthority();
  alertmanager = await startStubAlertmanager();
});
afterEach(async () => {
  await proxy.stop();
  await alertmanager.close();
  folder.remove();
});

async function start(tls: boolean): Promise<void> {
  const { cert, key } = await authority.issue(LOOPBACK);
  folder.write('server.crt', cert);
  folder.write('server.key', key);
  const webConfigFile = folder.write(
    'web.yml',
    JSON.stringify({
      basic_auth_users: { prometheus: hashSync('right', 4) },
      ...(tls && { tls_server_config: { cert_file: 'server.crt', key_file: 'server.key' } }),
    }),
  );
  proxy = await startProxy({ alertmanagers: [sendTo(alertmanager)] }, { webConfigFile });
}

const get = (path: string, options = GOOD): Promise<Answer> =>
  ask(`${proxy.url}${path}`, { ...options, ca: authority.cert });

const refused = async (reason: string): Promise<number | undefined> =>
  sample((await get('/metrics')).body, 'alertmanager_proxy_refused_requests_total', { reason });

describe('a client that is turned away', () => {
  it('is seen with its reason and address in the log, the metrics and the page', async () => {
    await start(false);
    expect((await get('/metrics', WRONG)).status).toBe(401);
    expect((await get('/metrics', { headers: { authorization: '' } })).status).toBe(401);

    expect(await refused('password')).toBe(2);
    expect(proxy.log()).toContain('msg="turned away a client" client=127.0.0.1 reason=password requests=1');
    expect((await get('/')).body).toContain('wrong user or password');
  });

  it('is seen when it speaks http:// to the TLS port', async () => {
    await start(true);
    const { port } = new URL(proxy.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /api/v2/alerts HTTP/1.1\r\nHost: proxy\r\nContent-Length: 2\r\n\r\n[]');
    await once(socket, 'close');

    await waitFor('the refusal', async () => (await refused('http_on_tls')) === 1);
    expect((await get('/')).body).toContain('spoke http:// to the TLS port');
  });

  it('is seen when it does not trust the certificate', async () => {
    await start(true);
    // Node itself only closes the connection; curl says why, as Prometheus does.
    const { output } = await runTool('curl', ['-sS', `${proxy.url}/metrics`]);
    expect(output).toContain('certificate');

    await waitFor('the refusal', async () => (await refused('tls')) === 1);
  });

  it('is not who only opens and closes a connection, as probes do', async () => {
    await start(true);
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    await once(socket, 'close');

    expect(await refused('tls')).toBe(0);
    expect(await refused('http_on_tls')).toBe(0);
  });
});

describe('a sender', () => {
  it('is on the page, with its last batch', async () => {
    await start(false);
    const before = sample((await get('/metrics')).body, 'alertmanager_proxy_last_batch_timestamp_seconds');
    await proxy.post([firing({ alertname: 'A' })], GOOD.headers);

    expect(before).toBe(0);
    const at = sample((await get('/metrics')).body, 'alertmanager_proxy_last_batch_timestamp_seconds');
    expect(at).toBeGreaterThan(Date.now() / 1000 - 60);
    expect((await get('/')).body).toMatch(/127\.0\.0\.1<\/th>/);
  });

  it('shows which Alertmanager takes alerts', async () => {
    await start(false);
    const up = async (): Promise<number | undefined> =>
      sample((await get('/metrics')).body, 'alertmanager_proxy_alertmanager_up');
    expect(await up()).toBe(1);
    alertmanager.answer({ status: 503 });
    await proxy.post([firing({ alertname: 'A' })], GOOD.headers);
    expect(await up()).toBe(0);
    alertmanager.answer({});
    await waitFor('the retry', async () => (await up()) === 1);
  });
});
