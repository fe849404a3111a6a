import { describe, expect, it } from '@jest/globals';
import { encodeBatch, firing, resolved, type PostedAlert } from '../../support/alert-builder.ts';
import type { StubAnswer } from '../../support/stub-answer.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy, type Surroundings } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback, sendTo, type ProxyConfig } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';

const TIMEOUT_MS = 3_000;

const scene = useProxy({
  routes: { '/checks/check_disk': { body: { check: { output: 'full' } } } },
  config,
});

function config({ agent, alertmanagers }: Surroundings, timeout = `${TIMEOUT_MS}ms`): ProxyConfig {
  return {
    alertmanagers: [{ timeout, ...sendTo(...alertmanagers) }],
    enrichment: { deadline: '2s' },
    sources: [agentSource({ timeout: '1s', allow: allowLoopback(agent.port) })],
  };
}

function disk(number: number): PostedAlert {
  return firing(
    { check: 'check_disk', instance: scene.agent.address },
    { annotations: { number: String(number) } },
  );
}

/** An alert of its own for each number. */
function diskOf(number: number): PostedAlert {
  const { labels, ...rest } = disk(number);
  return { ...rest, labels: { ...labels, number: String(number) } };
}

/** The states of the alert that an Alertmanager was sent, repeated attempts left out. */
function states(alertmanager: StubAlertmanager): string[] {
  const numbers = alertmanager.alerts().map(({ annotations }) => annotations?.['number'] ?? '');
  return numbers.filter((number, index) => number !== numbers[index - 1]);
}

describe('an Alertmanager that hangs', () => {
  it('delays neither the answer nor the others, and gets the newest state when it is back', async () => {
    const [hung, well] = scene.alertmanagers;
    hung.answer({ hang: true });
    for (let number = 1; number <= 20; number++) {
      const startedAt = Date.now();
      expect((await scene.proxy.post([disk(number)])).status).toBe(200);
      expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS);
    }
    expect(states(well)).toHaveLength(20);

    const before = hung.posts.length;
    hung.answer({});
    await waitFor('a state', () => hung.posts.length > before);
    expect(states(hung).at(-1)).toBe('20');
    expect(hung.posts).toHaveLength(before + 1);
  });

  it('is given up in time when no other is there to accept', async () => {
    for (const hung of scene.alertmanagers) hung.answer({ hang: true });
    const startedAt = Date.now();
    const response = await scene.proxy.post([disk(1)]);

    expect(response.status).toBe(502);
    expect(Date.now() - startedAt).toBeLessThan(2 * TIMEOUT_MS);
  });
});

describe('the order of states', () => {
  it.each([
    { name: 'slowly', slow: { delayMs: 300, body: { check: { output: 'slow' } } } },
    { name: 'never', slow: { hang: true } },
  ])(
    'stays when the client gave up a batch whose node answers $name, and sent the next',
    async ({ slow }) => {
      scene.agent.route('/checks/check_disk', slow);
      const gaveUp = new AbortController();
      const first = fetch(`${scene.proxy.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: new Uint8Array(encodeBatch([disk(1)])),
        signal: gaveUp.signal,
      }).catch(() => 'given up');
      await waitFor('the question', () => scene.agent.requests.length === 1);
      gaveUp.abort();
      expect(await first).toBe('given up');
      await scene.proxy.post([resolved(disk(2))]);

      for (const alertmanager of scene.alertmanagers) {
        await waitFor('both states', () => states(alertmanager).length === 2);
        expect(states(alertmanager)).toEqual(['1', '2']);
      }
    },
  );

  it('stays when an Alertmanager goes, and comes back with batches waiting', async () => {
    const [restarted] = scene.alertmanagers;
    await restarted.close();
    for (let number = 1; number <= 3; number++) await scene.proxy.post([disk(number)]);
    const back = await startStubAlertmanager(restarted.port);
    scene.alertmanagers[0] = back;
    await scene.proxy.post([resolved(disk(4))]);

    await waitFor('the newest state', () => states(back).at(-1) === '4');
    // It may be back before the newest has come.
    expect(['4', '3,4']).toContain(states(back).join());
  });

  it('stays when the configuration is reloaded while an older state waits', async () => {
    const [failing] = scene.alertmanagers;
    failing.answer({ status: 503 });
    await scene.proxy.post([disk(1)]);
    scene.proxy.rewrite(config(scene, '2s'));
    expect(await scene.proxy.reload()).toBeUndefined();
    await scene.proxy.post([resolved(disk(2))]);
    failing.answer({});

    await waitFor('both states', () => states(failing).length === 2);
    expect(states(failing)).toEqual(['1', '2']);
  });
});

describe('an Alertmanager that fails', () => {
  it.each<{ name: string; answer: StubAnswer }>([
    { name: 'resets the connection', answer: { reset: true } },
    { name: 'breaks off in its answer', answer: { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{' } },
    { name: 'answers with 429', answer: { status: 429 } },
    { name: 'answers with 503', answer: { status: 503 } },
  ])('and $name gets the same batch again', async ({ answer }) => {
    const [failing] = scene.alertmanagers;
    failing.answer(answer);
    expect((await scene.proxy.post([disk(1)])).status).toBe(200);
    await waitFor('an attempt', () => failing.posts.length > 0);
    failing.answer({});
    const before = failing.posts.length;

    await waitFor('another', () => failing.posts.length > before);
    expect(states(failing)).toEqual(['1']);
  });
});

describe('an Alertmanager that takes no large bodies', () => {
  const MAX_BYTES = 10_000;

  function limitBodies(): void {
    for (const alertmanager of scene.alertmanagers) {
      alertmanager.answer(({ body }) => ({ status: body.length > MAX_BYTES ? 413 : 200 }));
    }
  }

  /** What an Alertmanager took, in order. */
  function taken({ posts }: StubAlertmanager): PostedAlert[] {
    return posts
      .filter(({ body }) => body.length <= MAX_BYTES)
      .flatMap(({ body }) => JSON.parse(body.toString()) as PostedAlert[]);
  }

  /** Alerts given up, for each Alertmanager. */
  function dropped(): Promise<(number | undefined)[]> {
    return Promise.all(
      scene.alertmanagers.map(({ url }) =>
        scene.metric('alertmanager_dropped_total', { alertmanager: `${url}/api/v2/alerts` }),
      ),
    );
  }

  it('gets a batch that its output made too large in parts, in order', async () => {
    limitBodies();
    scene.agent.route('/checks/check_disk', { body: { check: { output: 'x'.repeat(4_000) } } });
    const batch = [1, 2, 3, 4, 5, 6, 7].map(diskOf);
    expect((await scene.proxy.post(batch)).status).toBe(200);

    for (const alertmanager of scene.alertmanagers) {
      await waitFor('all', () => taken(alertmanager).length === 7);
      expect(taken(alertmanager).map(({ annotations }) => Number(annotations?.['number']))).toEqual([
        1, 2, 3, 4, 5, 6, 7,
      ]);
      expect(taken(alertmanager)[6]?.annotations?.['check_output']).toHaveLength(4_000);
    }
    expect(await dropped()).toEqual([0, 0]);
  });

  it('gets an alert that its output made too large as it came', async () => {
    limitBodies();
    scene.agent.route('/checks/check_disk', { body: { check: { output: 'x'.repeat(4_000) } } });
    const large = { ...disk(1), annotations: { number: '1', summary: 's'.repeat(8_000) } };
    expect((await scene.proxy.post([large])).status).toBe(200);

    for (const alertmanager of scene.alertmanagers) {
      await waitFor('the alert', () => taken(alertmanager).length > 0);
      expect(taken(alertmanager)).toEqual([large]);
    }
    expect(await dropped()).toEqual([0, 0]);
  });

  it('does not get an alert that was too large from the start, and that is counted and told', async () => {
    limitBodies();
    const large = { ...disk(1), annotations: { number: '1', summary: 's'.repeat(MAX_BYTES) } };
    expect((await scene.proxy.post([large, diskOf(2)])).status).toBe(413);

    for (const alertmanager of scene.alertmanagers) {
      await waitFor('the other alert', () => taken(alertmanager).length > 0);
      expect(taken(alertmanager)).toMatchObject([{ annotations: { number: '2', check_output: 'full' } }]);
    }
    expect(await dropped()).toEqual([1, 1]);
  });
});

describe('an Alertmanager that fails at one alert', () => {
  it('gets the others, also those that came in the same batch', async () => {
    const [failing, well] = scene.alertmanagers;
    failing.answer(({ body }) => ({ status: body.includes('"poison"') ? 500 : 200 }));
    const poison = firing({ check: 'poison', instance: scene.agent.address });
    for (let number = 1; number <= 2; number++)
      expect((await scene.proxy.post([poison, diskOf(number)])).status).toBe(200);
    expect(well.posts).toHaveLength(2);

    const taken = (): string[] =>
      failing.posts
        .filter(({ body }) => !body.includes('"poison"'))
        .flatMap(({ body }) => JSON.parse(body.toString()) as PostedAlert[])
        .map(({ annotations }) => annotations?.['number'] ?? '');
    await waitFor('the others', () => taken().length === 2);
    expect(taken().toSorted()).toEqual(['1', '2']);
  });
});

describe('the answer', () => {
  it.each([
    { name: '200 if one refuses and the other accepts', statuses: [400, 200], code: 200 },
    { name: "Alertmanager's own 4xx if both refuse", statuses: [422, 422], code: 422 },
    { name: "Alertmanager's own 4xx if one refuses and the other fails", statuses: [422, 500], code: 422 },
    { name: '502 if both fail', statuses: [500, 503], code: 502 },
  ])('is $name', async ({ statuses, code }) => {
    scene.alertmanagers.forEach((alertmanager, index) => {
      alertmanager.answer({ status: statuses[index] ?? 200, body: 'told' });
    });

    expect((await scene.proxy.post([disk(1)])).status).toBe(code);
  });
});

describe('a resolved alert of a Prometheus whose clock is ahead', () => {
  it('arrives, with what the check says now, though its neighbour takes longer than the clocks differ', async () => {
    await scene.proxy.post([disk(1)]);
    scene.agent.route('/checks/check_disk', { body: { check: { output: 'fine' } } });
    scene.agent.route('/checks/slow', { delayMs: 400, body: { check: { output: 'slow' } } });
    const ahead = resolved(disk(2), new Date(Date.now() + 200));
    const slow = firing({ check: 'slow', instance: scene.agent.address });
    expect((await scene.proxy.post([ahead, slow])).status).toBe(200);

    for (const alertmanager of scene.alertmanagers) {
      await waitFor('both batches', () => alertmanager.posts.length === 2);
      const [, arrived] = alertmanager.alerts();
      expect(arrived).toMatchObject({
        endsAt: ahead.endsAt,
        annotations: { number: '2', check_output: 'fine' },
      });
    }
  });
});

describe('an alert that expires while it waits', () => {
  it('is not sent: it would resolve itself', async () => {
    const [failing] = scene.alertmanagers;
    failing.answer({ status: 503 });
    // What ends within the next 2 s has resolved already.
    const endsAt = new Date(Date.now() + 5_000).toISOString();
    await scene.proxy.post([{ ...disk(1), endsAt }]);
    await waitFor('its end', () => Date.now() > Date.parse(endsAt));
    failing.answer({});
    const before = failing.posts.length;
    await scene.proxy.post([disk(2)]);

    await waitFor('the next', () => states(failing).includes('2'));
    expect(failing.posts.slice(before).map(({ body }) => body.toString())).toEqual([
      expect.stringContaining('"number":"2"'),
    ]);
  });
});

describe('the log', () => {
  it('says that no Alertmanager accepts, with the reason of each, once a minute', async () => {
    for (const alertmanager of scene.alertmanagers) alertmanager.answer({ status: 503 });
    for (let number = 1; number <= 3; number++) await scene.proxy.post([disk(number)]);
    const urls = scene.alertmanagers.map(({ url }) => `${url}/api/v2/alerts`).sort();
    const reasons = urls.map((url) => `${url}: HTTP status 503`).join('; ');
    expect(scene.proxy.log().split('msg="batch not accepted"')).toHaveLength(2);
    expect(scene.proxy.log()).toContain(
      `batches=1 alerts=1 err="no Alertmanager accepted the alerts (${reasons})"`,
    );

    await scene.proxy.stop();
    expect(scene.proxy.log()).toContain('msg="batch not accepted" batches=2 alerts=2');
  });
});
