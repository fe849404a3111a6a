import { describe, expect, it } from '@jest/globals';
import { firing } from '../../support/alert-builder.ts';
import type { StubAnswer } from '../../support/stub-answer.ts';
import { useProxy } from '../../support/proxy-scene.ts';

const scene = useProxy({ routes: { '/checks/good': { body: { check: { output: 'fine' } } } } });

async function outputOf(check: string): Promise<Readonly<Record<string, string>>> {
  const response = await scene.proxy.post([firing({ check, instance: scene.agent.address })]);
  expect(response.status).toBe(200);
  return scene.alertmanager.alerts().at(-1)?.annotations ?? {};
}

describe('a node whose answer to one check is hostile', () => {
  const OK = 'HTTP/1.1 200 OK\r\n';
  it.each<[string, StubAnswer, reason: string]>([
    ['is no HTTP', { raw: '\u001b[31mhello\r\n\r\n' }, 'bad_response'],
    ['has a header with a NUL', { raw: `${OK}a\0b: c\r\n\r\n` }, 'bad_response'],
    ['has two lengths', { raw: `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n{}x` }, 'bad_response'],
    [
      'has a length and chunks',
      { raw: `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n` },
      'bad_response',
    ],
    ['has a megabyte of headers', { raw: `${OK}x: ${'a'.repeat(1e6)}\r\n\r\n` }, 'bad_response'],
    ['is a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' } }, 'bad_response'],
    ['has a status from nowhere', { raw: 'HTTP/1.1 999 x\r\ncontent-length: 2\r\n\r\n{}' }, 'http_5xx'],
    ['is no gzip', { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }, 'bad_response'],
    ['is larger than allowed', { body: 'x'.repeat(300_000) }, 'too_large'],
    ['is nested deeply', { body: `${'['.repeat(9e4)}${']'.repeat(9e4)}` }, 'bad_response'],
    [
      'wants another protocol',
      { raw: 'HTTP/1.1 101 x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n' },
      'timeout',
    ],
  ])('that %s spoils no other check of it', async (_, answer, reason) => {
    expect(await outputOf('good')).toEqual({ check_output: 'fine' });
    scene.agent.route('/checks/bad', answer);

    const { check_output: output = '', check_fetch_error: code } = await outputOf('bad');
    expect([code, output]).toEqual([reason, expect.stringMatching(/^could not fetch check output: [ -~]+$/)]);

    scene.agent.route('/checks/other', { body: { check: { output: 'fine too' } } });
    expect(await outputOf('other')).toEqual({ check_output: 'fine too' });
  });
});

describe('an Alertmanager', () => {
  it.each([
    ['a refusal', 400, 400],
    ['an acceptance', 200, 200],
  ])('holds nothing up by %s that is too long to read', async (_, status, code) => {
    const chunked = `HTTP/1.1 ${status} x\r\ntransfer-encoding: chunked\r\n\r\nF4240\r\n${'x'.repeat(1e6)}`;
    for (const answer of [{ status, body: 'x'.repeat(1e6) }, { raw: chunked }]) {
      scene.alertmanager.answer(answer);
      expect((await scene.proxy.post([firing({ n: '1' })])).status).toBe(code);
    }
    scene.alertmanager.answer({});

    expect((await scene.proxy.post([firing({ n: '2' })])).status).toBe(200);
    expect(scene.alertmanager.alerts().map(({ labels }) => labels['n'])).toEqual(['1', '1', '2']);
  });

  it('cannot write lines or colours into the log', async () => {
    scene.alertmanager.answer({ status: 400, body: '\u009b31mred\u001b[31m\nlevel=ERROR\u2028 forged' });
    await scene.proxy.post([firing({ n: '1' })]);

    const lines = scene.proxy.log().split('\n');
    expect(lines.filter((line) => line.includes('forged'))).toHaveLength(1);
    expect(scene.proxy.log()).not.toMatch(/[^ -~\n]/);
  });
});
