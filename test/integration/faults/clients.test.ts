import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeBatch, firing } from '../../support/alert-builder.ts';
import { startProxy, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { waitFor } from '../../support/wait-for.ts';

let alertmanager: StubAlertmanager;
let proxy: RunningProxy;

beforeEach(async () => {
  alertmanager = await startStubAlertmanager();
  proxy = await startProxy({ alertmanagers: [{ static_configs: [{ targets: [alertmanager.address] }] }] });
});

afterEach(async () => {
  await proxy.stop();
  await alertmanager.close();
});

describe('a client that resets its connection', () => {
  const whole = encodeBatch([firing({ alertname: 'Disk' })]);

  /** Sends so much of a batch, and breaks off. */
  async function breakOff(bytes: number): Promise<void> {
    const { hostname, port } = new URL(proxy.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    const head = `POST /api/v2/alerts HTTP/1.1\r\nHost: proxy\r\nContent-Type: application/json\r\nContent-Length: ${whole.length}\r\n\r\n`;
    await new Promise((resolve) =>
      socket.write(Buffer.concat([Buffer.from(head), whole.subarray(0, bytes)]), resolve),
    );
    socket.resetAndDestroy();
  }

  it('in the middle of a body leaves nothing behind, and the next batch passes', async () => {
    await breakOff(whole.length - 1);
    await waitFor('the end of the request', () => proxy.log().includes('refused a body'));
    expect((await proxy.post([firing({ alertname: 'Load' })])).status).toBe(200);

    expect(alertmanager.alerts().map(({ labels }) => labels['alertname'])).toEqual(['Load']);
  });

  it('just after the body loses nothing', async () => {
    await breakOff(whole.length);

    await waitFor('the alert', () => alertmanager.alerts().length === 1);
  });
});
