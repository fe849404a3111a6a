import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firing, type PostedAlert } from '../../support/alert-builder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback } from '../../support/start-proxy.ts';

let sockets: Socket[];

beforeEach(() => {
  sockets = [];
});

// Before the scene ends: the proxy would wait for them.
afterEach(() => {
  for (const socket of sockets) socket.destroy();
});

const scene = useProxy({
  routes: { '/checks/known': { body: { check: { output: 'known' } } } },
  config: ({ agent }) => ({
    server: { max_body: '64KB' },
    enrichment: {
      deadline: '3s',
      max_concurrent_batches: 1,
      max_pending_batches: 2,
      cache: { negative_ttl: '1ms' },
    },
    sources: [agentSource({ timeout: '2500ms', allow: allowLoopback(agent.port) })],
  }),
});
function alertOf(check: string): PostedAlert {
  return firing({ check, instance: scene.agent.address });
}

/** A batch that is being enriched for as long as its source hangs. */
async function occupy(): Promise<Promise<Response>> {
  scene.agent.route('/checks/hung', { hang: true });
  const answer = scene.proxy.post([alertOf('hung')]);
  await waitFor('the question', () => scene.agent.requests.some(({ path }) => path === '/checks/hung'));
  return answer;
}

describe('overload', () => {
  it('lets alerts leave at once, with the last known output and the reason', async () => {
    await scene.proxy.post([alertOf('known')]);
    const occupied = occupy();
    await waitFor('the question', () => scene.agent.requests.length === 2);
    const response = await scene.proxy.post([alertOf('known')]);

    expect(response.status).toBe(200);
    expect(scene.alertmanager.posts).toHaveLength(2);
    expect(scene.alertmanager.alerts().at(-1)?.annotations).toMatchObject({
      check_output: expect.stringMatching(/overloaded\nlast known output, \d+s old:\nknown$/),
      check_fetch_error: 'overloaded',
    });
    expect((await occupied).status).toBe(200);
    expect(await (await fetch(scene.proxy.url)).text()).toMatch(/no node was asked about\s+1 alert\./);
  });

  it('lets batches beyond the second bound wait for their turn', async () => {
    scene.alertmanager.answer({ delayMs: 500 });
    const held = Array.from({ length: 8 }, () => scene.proxy.post([alertOf('known')]));

    expect((await Promise.all(held)).map(({ status }) => status)).toEqual(held.map(() => 200));
  });

  it('answers 503 when the turn of a batch does not come in time, and recovers', async () => {
    scene.alertmanager.answer({ hang: true });
    const startedAt = performance.now();
    const codes = await Promise.all(
      Array.from({ length: 6 }, async () => (await scene.proxy.post([alertOf('known')])).status),
    );

    expect(performance.now() - startedAt).toBeLessThan(9_500);
    expect(codes.filter((code) => code === 503)).toHaveLength(2);
    expect(await (await fetch(scene.proxy.url)).text()).toMatch(/batches refused within 5 min:\s+2\./);
    scene.alertmanager.answer({});
    await waitFor('the next batch', async () => (await scene.proxy.post([alertOf('known')])).status === 200);
  });

  it('refuses the body whose bytes are too many beside those that are being received, and recovers', async () => {
    const { hostname, port } = new URL(scene.proxy.url);
    const answers = Array.from({ length: 5 }, () => {
      const socket = connect(Number(port), hostname);
      sockets.push(socket);
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined);
      socket.write(
        'POST /api/v2/alerts HTTP/1.1\r\nHost: proxy\r\nContent-Type: application/json\r\nContent-Length: 65536\r\n\r\n',
      );
      socket.write('['.padEnd(60_000));
      return () => answer;
    });

    await waitFor('one 503', () => answers.some((answer) => answer().startsWith('HTTP/1.1 503 ')));
    for (const socket of sockets) socket.destroy();
    await waitFor('the next batch', async () => (await scene.proxy.post([alertOf('known')])).status === 200);
    expect(answers.filter((answer) => answer() !== '')).toHaveLength(1);
  });

  it('takes a small batch beside bodies without end that fill all room', async () => {
    const { hostname, port } = new URL(scene.proxy.url);
    const answers = [60_000, 60_000, 60_000, 60_000, 20_000].map((bytes) => {
      const socket = connect(Number(port), hostname);
      sockets.push(socket);
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined);
      socket.write(
        'POST /api/v2/alerts HTTP/1.1\r\nHost: proxy\r\nContent-Type: application/json\r\nContent-Length: 65536\r\n\r\n',
      );
      socket.write('['.padEnd(bytes));
      return () => answer;
    });
    // Until they are all in, it is too early to say that nobody is refused.
    const posted = Array.from({ length: 60 }, (_, index) => alertOf(`known?${'x'.repeat(200)}${index}`));
    await waitFor('a refusal', async () => {
      expect((await scene.proxy.post(posted)).status).toBe(200);
      return answers.some((answer) => answer().startsWith('HTTP/1.1 503 '));
    });

    expect(answers[4]?.()).toBe('');
  });
});
