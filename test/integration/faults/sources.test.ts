import { describe, expect, it } from '@jest/globals';
import { firing, type PostedAlert } from '../../support/alert-builder.ts';
import type { StubAnswer } from '../../support/stub-answer.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback, sendTo } from '../../support/start-proxy.ts';

const CHECK = '/checks/check_disk';
const ANSWER: StubAnswer = { body: { check: { output: 'DISK CRITICAL: 97 %' } } };

const scene = useProxy({
  routes: { [CHECK]: ANSWER },
  config: ({ agent }) => ({
    enrichment: { deadline: '3s', cache: { ttl: '1ms' } },
    sources: [agentSource({ timeout: '1s', allow: allowLoopback(agent.port) })],
  }),
});

function disk(): PostedAlert {
  return firing({ check: 'check_disk', instance: scene.agent.address });
}

function lastAnnotations(): PostedAlert['annotations'] {
  return scene.alertmanager.alerts().at(-1)?.annotations;
}

describe('a source that fails', () => {
  it.each<{ name: string; answer: StubAnswer; reason: string }>([
    { name: 'accepts and never answers', answer: { hang: true }, reason: 'timeout' },
    { name: 'trickles', answer: { ...ANSWER, trickleMs: 50 }, reason: 'timeout' },
    { name: 'resets the connection', answer: { reset: true }, reason: 'network' },
    {
      name: 'breaks off in the middle of its answer',
      answer: { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"check":' },
      reason: 'network',
    },
    { name: 'speaks no HTTP', answer: { raw: 'SSH-2.0-OpenSSH_9.6\r\n' }, reason: 'bad_response' },
    { name: 'answers with something else', answer: { body: { other: 1 } }, reason: 'bad_response' },
    { name: 'fails', answer: { status: 500 }, reason: 'http_5xx' },
  ])('and $name costs no alert, and the reader is told', async ({ answer, reason }) => {
    scene.agent.route(CHECK, answer);
    const startedAt = Date.now();
    const response = await scene.proxy.post([disk()]);

    expect(response.status).toBe(200);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect(lastAnnotations()).toMatchObject({
      check_output: expect.stringContaining('could not fetch check output'),
      check_fetch_error: reason,
    });
  });

  it('and dies between two re-sends leaves the text that was known, with its age and the reason', async () => {
    const alert = disk();
    await scene.proxy.post([alert]);
    await scene.agent.close();

    await waitFor('the reason', async () => {
      await scene.proxy.post([alert]);
      return lastAnnotations()?.['check_fetch_error'] === 'refused';
    });
    expect(lastAnnotations()?.['check_output']).toMatch(
      /^could not fetch check output: 127\.0\.0\.1:\d+ refused the connection.*\nlast known output, \d+s old:\nDISK CRITICAL: 97 %$/,
    );
  });

  it('and is asked with an expression that does not fit its answer costs no alert', async () => {
    scene.proxy.rewrite({
      alertmanagers: [sendTo(scene.alertmanager)],
      sources: [
        agentSource({
          annotations: { check_output: 'length(check.status)' },
          allow: allowLoopback(scene.agent.port),
        }),
      ],
    });
    expect(await scene.proxy.reload()).toBeUndefined();
    scene.agent.route(CHECK, { body: { check: { status: 2 } } });

    expect((await scene.proxy.post([disk()])).status).toBe(200);
    expect(lastAnnotations()).toMatchObject({ check_fetch_error: 'bad_response' });
  });
});
