import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { encodeBatch, firing } from '../../support/alert-builder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy } from '../../support/proxy-scene.ts';

const scene = useProxy();

describe('a client that resets its connection', () => {
  const whole = encodeBatch([firing({ alertname: 'Disk' })]);

  /** Sends so much of a batch, and breaks off. */
  async function breakOff(bytes: number): Promise<void> {
    const { hostname, port } = new URL(scene.proxy.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    const head = `POST /api/v2/alerts HTTP/1.1\r\nHost: proxy\r\nContent-Type: application/json\r\nContent-Length: ${whole.length}\r\n\r\n`;
    await new Promise((resolve) =>
      socket.write(Buffer.concat([Buffer.from(head), whole.subarray(0, bytes)]), resolve),
    );
    socket.resetAndDestroy();
  }

  it('in the middle of a body leaves nothing behind, and the next batch passes', async () => {
    await breakOff(whole.length - 1);
    await waitFor('the end of the request', () => scene.proxy.log().includes('refused a body'));
    expect((await scene.proxy.post([firing({ alertname: 'Load' })])).status).toBe(200);

    expect(scene.alertmanager.alerts().map(({ labels }) => labels['alertname'])).toEqual(['Load']);
  });

  it('just after the body loses nothing', async () => {
    await breakOff(whole.length);

    await waitFor('the alert', () => scene.alertmanager.alerts().length === 1);
  });
});
