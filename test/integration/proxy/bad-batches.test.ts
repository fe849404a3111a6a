import { beforeEach, describe, expect, it } from '@jest/globals';
import { encodeBatch, firing, type PostedAlert } from '../../support/alert-builder.ts';
import { batchOf, MAX_BODY } from '../../support/batch-of-bytes.ts';
import { postFrom } from '../../support/post-from.ts';
import { useProxy } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback, sendTo } from '../../support/start-proxy.ts';

const ALERT = '{"labels":{"alertname":"CheckFailed"}}';

const scene = useProxy({
  routes: { '/checks/check_disk': { body: { check: { output: 'DISK OK' } } } },
  // A busy machine takes its time for 32 MB.
  config: ({ agent, alertmanager }) => ({
    alertmanagers: [{ timeout: '30s', ...sendTo(alertmanager) }],
    sources: [agentSource({ allow: allowLoopback(agent.port) })],
  }),
  isShared: true,
});
let before = 0;

beforeEach(() => {
  before = scene.alertmanager.posts.length;
});

describe('a broken element', () => {
  it.each([
    ['null', 'null', 'expected an object'],
    ['a number', '7', 'expected an object'],
    ['an empty object', '{}', 'labels: required'],
    ['no labels', '{"labels":{}}', 'labels: at least one label pair required'],
    ['labels without values', '{"labels":{"a":""}}', 'labels: at least one label pair required'],
    ['a number as a label', '{"labels":{"a":1}}', 'labels.a: expected a string'],
    [
      'a number as an annotation',
      '{"labels":{"a":"b"},"annotations":{"c":1}}',
      'annotations.c: expected a string',
    ],
    ['a number under __proto__', '{"labels":{"a":"b","__proto__":1}}', 'labels.__proto__: expected a string'],
    ['a number that an equal name hides', '{"labels":{"a":1,"a":"b"}}', 'labels.a: expected a string'],
    [
      'an unparsable start',
      '{"labels":{"a":"b"},"startsAt":"yesterday"}',
      'startsAt: expected an RFC 3339 time, such as 2026-11-30T12:00:00Z',
    ],
    [
      'a date without a time',
      '{"labels":{"a":"b"},"startsAt":"2026-11-30"}',
      'startsAt: expected an RFC 3339 time, such as 2026-11-30T12:00:00Z',
    ],
    [
      'an unparsable end',
      '{"labels":{"a":"b"},"endsAt":17}',
      'endsAt: expected an RFC 3339 time, such as 2026-11-30T12:00:00Z',
    ],
    [
      'an unparsable URL',
      '{"labels":{"a":"b"},"generatorURL":"x y"}',
      'generatorURL: expected an absolute URL or path',
    ],
    [
      'a nesting without end',
      `{"labels":{"a":"b"},"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      'nested too deeply',
    ],
  ])('is left out and named, and its neighbours arrive: %s', async (_, element, sentence) => {
    const neighbours = [encoded('one'), encoded('other')];

    const response = await scene.proxy.post(Buffer.from(`[${neighbours[0]},${element},${neighbours[1]}]`));

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: 400,
      message: `left out 1 of 3 alerts: [1] ${sentence}; the others were forwarded`,
    });
    expect(namesOfArrived()).toEqual(['one', 'other']);
  });

  it('is not forwarded alone', async () => {
    const response = await scene.proxy.post(Buffer.from('[null]'));

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: 400,
      message: 'left out 1 of 1 alerts: [0] expected an object',
    });
    expect(scene.alertmanager.posts).toHaveLength(before);
  });

  it('is logged with its sender', async () => {
    const wasLogged = scene.proxy.log().length;

    // Of clients that were told of it a moment ago nothing is logged for a minute.
    for (let time = 0; time < 3; time++) await postFrom('127.0.0.9', scene.proxy.url, Buffer.from('[null]'));

    expect(scene.proxy.log().slice(wasLogged).trim().split('\n')).toEqual([
      expect.stringMatching(
        /msg="left out malformed alerts" malformed=1 alerts=0 err="\[0\] expected an object" client=127\.0\.0\.9$/,
      ),
    ]);
  });

  it('among many like it is named, but not all of them are', async () => {
    const response = await scene.proxy.post(Buffer.from(`[${'null,'.repeat(5_000)}${encoded('one')}]`));

    const { message } = (await response.json()) as { message: string };
    expect(message).toMatch(
      /^left out 5000 of 5001 alerts: \[0\] expected an object; .* and 4990 more; the others/,
    );
    expect(message.length).toBeLessThan(500);
    expect(namesOfArrived()).toEqual(['one']);
  });
});

describe('an odd batch', () => {
  it('that is empty is taken, and not forwarded', async () => {
    const response = await scene.proxy.post(Buffer.from(' [ ] '));

    expect(response.status).toBe(200);
    expect(scene.alertmanager.posts).toHaveLength(before);
  });

  it.each([
    ['with a byte order mark', `\ufeff[${ALERT}]`, `[${ALERT}]`],
    ['with white space', ` [\n${ALERT}\t] `, `[${ALERT}]`],
    [
      'with names given twice',
      '[{"labels":{"a":"1","a":"2"},"x":1,"x":2}]',
      '[{"labels":{"a":"1","a":"2"},"x":1,"x":2}]',
    ],
    ['with a label __proto__', '[{"labels":{"__proto__":"p"}}]', '[{"labels":{"__proto__":"p"}}]'],
    [
      'with a field __proto__',
      `[{"__proto__":{"x":1},${ALERT.slice(1)}]`,
      `[{"__proto__":{"x":1},${ALERT.slice(1)}]`,
    ],
    ['with lone surrogates', '[{"labels":{"a":"\\ud83d"}}]', '[{"labels":{"a":"\\ud83d"}}]'],
    ['with numbers that no double holds', `[{"x":1e400,${ALERT.slice(1)}]`, `[{"x":1e400,${ALERT.slice(1)}]`],
    ['with control characters', '[{"labels":{"a":"\\u0000\\u001b"}}]', '[{"labels":{"a":"\\u0000\\u001b"}}]'],
  ])('leaves as it came: %s', async (_, body, expected) => {
    const response = await scene.proxy.post(Buffer.from(body));

    expect(response.status).toBe(200);
    expect(arrived()).toEqual([expected]);
  });

  it('that is not UTF-8 leaves as it came', async () => {
    const body = Buffer.concat([
      Buffer.from('[{"labels":{"a":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}}]'),
    ]);

    await scene.proxy.post(body);

    expect(scene.alertmanager.posts.at(-1)?.body).toEqual(body);
  });

  it.each([
    ['with lone surrogates in its labels', { note: '\ud83d' }],
    ['with control characters in its labels', { note: '\u0000\u001b[31m' }],
    ['with a label __proto__', { ['__proto__']: 'p' }],
  ])('is enriched all the same: %s', async (_, labels) => {
    await scene.proxy.post([firing({ ...labels, ...diskLabels() })]);

    expect(scene.alertmanager.alerts().at(-1)?.annotations).toEqual({ check_output: 'DISK OK' });
  });

  it('of 5,000 alerts arrives whole, in order and in time', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `alert-${index}`);
    const startedAt = performance.now();

    const response = await scene.proxy.post(names.map((alertname) => firing({ ...diskLabels(), alertname })));

    expect(response.status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(namesOfArrived()).toEqual(names);
    expect(arrivedAlerts().every(({ annotations }) => annotations?.['check_output'] === 'DISK OK')).toBe(
      true,
    );
  });

  it('just as long as may be arrives whole', async () => {
    const body = batchOf(MAX_BODY);

    const response = await scene.proxy.post(body);

    expect(response.status).toBe(200);
    expect(scene.alertmanager.posts.at(-1)?.body.equals(body)).toBe(true);
  });
});

function diskLabels(): Record<string, string> {
  return { check: 'check_disk', instance: scene.agent.address };
}

function encoded(alertname: string): string {
  return encodeBatch([firing({ alertname, ...diskLabels() })])
    .toString()
    .slice(1, -1);
}

function arrived(): string[] {
  return scene.alertmanager.posts.slice(before).map(({ body }) => body.toString());
}

function arrivedAlerts(): PostedAlert[] {
  return arrived().flatMap((body) => JSON.parse(body) as PostedAlert[]);
}

function namesOfArrived(): (string | undefined)[] {
  return arrivedAlerts().map(({ labels }) => labels['alertname']);
}
