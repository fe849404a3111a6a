import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { encodeBatch, firing } from '../../support/alert-builder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy } from '../../support/proxy-scene.ts';

const scene = useProxy({ config: () => ({ server: { max_body: '128KB' } }) });

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

describe('a client that compresses', () => {
  const BODY = Buffer.alloc(100_000, ' ');

  it('is refused each time, and shuts nobody else out', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const codes = new Set<number | undefined>();
    for (let count = 0; count < 50; count += 1) codes.add(await postCompressed(agent));
    agent.destroy();

    expect([...codes]).toEqual([400]);
    expect((await scene.proxy.post([firing({ alertname: 'Load' })])).status).toBe(200);
  });

  // As Go's client does, it goes on sending after the answer.
  async function postCompressed(agent: Agent): Promise<number | undefined> {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
      'Content-Length': BODY.length,
    };
    const sent = request(`${scene.proxy.url}/api/v2/alerts`, { method: 'POST', agent, headers });
    sent.end(BODY);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  }
});
