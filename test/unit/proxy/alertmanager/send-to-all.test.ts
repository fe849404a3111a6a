import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AlertmanagerSet } from '../../../../src/proxy/alertmanager/alertmanager-set.ts';
import type { BatchVerdict } from '../../../../src/proxy/alertmanager/outcome.ts';
import { SendLoop, type Connection } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { SendLoops } from '../../../../src/proxy/alertmanager/send-loops.ts';
import { broadcast } from '../../../../src/proxy/alertmanager/send-observer.ts';
import { sendToAll } from '../../../../src/proxy/alertmanager/send-to-all.ts';
import { createStubClient, delivery, type StubClient } from './stub-client.ts';

const TIMEOUT = 5_000;

let clients: Map<string, StubClient>;
let removed: string[];
let loops: SendLoops;

beforeEach(() => {
  jest.useFakeTimers();
  clients = new Map();
  removed = [];
  loops = new SendLoops({
    createLoop: (url, connection) =>
      new SendLoop({
        url,
        connection,
        capacity: 10_000_000,
        observer: broadcast([]),
        now: Date.now,
        monotonic: () => performance.now(),
      }),
    onRemoved: (url) => removed.push(url),
    grace: 1_000,
  });
});

afterEach(() => {
  jest.useRealTimers();
});

/** One entry of a configuration; all its Alertmanagers are reached through the client that is named. */
function entry(targets: readonly string[], clientName = (target: string) => target): AlertmanagerSet {
  const connections = new Map<string, Connection>();
  const connectionTo = (target: string): Connection => {
    const name = clientName(target);
    const client = clients.get(name) ?? createStubClient();
    clients.set(name, client);
    const connection = connections.get(target) ?? { client, timeout: TIMEOUT };
    connections.set(target, connection);
    return connection;
  };
  const set = new AlertmanagerSet({
    acquire: (target) => loops.acquire(target, connectionTo(target)),
    release: (loop) => loops.release(loop, connectionTo(loop.url)),
  });
  set.update(targets);
  return set;
}

function client(name: string): StubClient {
  const found = clients.get(name);
  if (found === undefined) throw new Error(`${name} is not known`);
  return found;
}

/** Answers an attempt, and the next if there is one. */
async function answerTwice(to: StubClient, with_: number | 'reset'): Promise<void> {
  await to.answer(with_);
  await jest.advanceTimersByTimeAsync(100);
  if (to.pending() > 0) await to.answer(with_);
}

describe('sendToAll', () => {
  it('answers as soon as one accepts, though another hangs', async () => {
    const verdict = sendToAll([entry(['am-0', 'am-1'])], delivery([1]), TIMEOUT);
    await client('am-1').answer(200);

    expect(await verdict).toEqual({ kind: 'accepted' });
    expect(client('am-0').pending()).toBe(1);
  });

  it.each<{ name: string; answers: (number | 'reset')[]; expected: Partial<BatchVerdict> }>([
    {
      name: 'the own 4xx of the first that refuses',
      answers: ['reset', 400],
      expected: { kind: 'rejected', status: 400 },
    },
    {
      name: 'accepted if one refuses and the other accepts',
      answers: [400, 200],
      expected: { kind: 'accepted' },
    },
    {
      name: 'unavailable if none answers properly',
      answers: [503, 'reset'],
      expected: { kind: 'unavailable' },
    },
  ])('answers with $name', async ({ answers: [first = 200, second = 200], expected }) => {
    const verdict = sendToAll([entry(['am-0', 'am-1'])], delivery([1]), TIMEOUT);
    await answerTwice(client('am-0'), first);
    await answerTwice(client('am-1'), second);

    expect(await verdict).toMatchObject(expected);
  });

  it('names each Alertmanager with its reason if none accepts', async () => {
    const verdict = sendToAll([entry(['am-0', 'am-1'])], delivery([1]), TIMEOUT);
    await answerTwice(client('am-0'), 503);
    await answerTwice(client('am-1'), 'reset');

    expect(await verdict).toEqual({
      kind: 'unavailable',
      sentence:
        'no Alertmanager accepted the alerts (am-0: HTTP status 503; am-1: network: connection reset)',
    });
  });

  it('names the last known reason of one that does not answer in time', async () => {
    const set = entry(['am-0', 'am-1']);
    void sendToAll([set], delivery([1]), TIMEOUT);
    await client('am-0').answer('refused');
    await client('am-1').answer(200);
    await jest.advanceTimersByTimeAsync(100);
    const verdict = sendToAll([set], delivery([2]), 1_000);
    await jest.advanceTimersByTimeAsync(1_000);

    expect(await verdict).toEqual({
      kind: 'unavailable',
      sentence:
        'no Alertmanager accepted the alerts (am-0: refused: connection refused; am-1: no answer in time)',
    });
  });

  it('answers in time though the queue of the only Alertmanager hangs', async () => {
    const set = entry(['am-0']);
    void sendToAll([set], delivery([1]), TIMEOUT);
    await jest.advanceTimersByTimeAsync(4_000);
    void sendToAll([set], delivery([2]), TIMEOUT);
    await jest.advanceTimersByTimeAsync(1_200);
    const verdict = sendToAll([set], delivery([3]), TIMEOUT);
    await jest.advanceTimersByTimeAsync(TIMEOUT);

    expect(await verdict).toMatchObject({ kind: 'unavailable' });
  });

  it('sends once to an Alertmanager that two entries name', () => {
    void sendToAll([entry(['am-0']), entry(['am-0'])], delivery([1]), TIMEOUT);

    expect(client('am-0').posted).toEqual(['[1]']);
  });
});

describe('a reload', () => {
  it('keeps the queue of an Alertmanager whose settings change, in order', async () => {
    const before = entry(['am-0'], () => 'old');
    void sendToAll([before], delivery([1]), TIMEOUT);
    void sendToAll([before], delivery([2]), TIMEOUT);
    const after = entry(['am-0'], () => 'new');
    const released = before.stop();
    void sendToAll([after], delivery([3]), TIMEOUT);
    expect(client('new').posted).toEqual([]);

    await client('old').answer(200);
    await released;
    await client('new').answer(200);
    expect(client('old').posted).toEqual(['[1]']);
    expect(client('new').posted).toEqual(['[2,3]']);
    expect(removed).toEqual([]);
  });

  it('sends what is queued for an Alertmanager that leaves, for a while', async () => {
    const set = entry(['am-0']);
    void sendToAll([set], delivery([1]), TIMEOUT);
    void sendToAll([set], delivery([2]), TIMEOUT);
    const stopped = set.stop();
    await client('am-0').answer(200);
    await jest.advanceTimersByTimeAsync(1_000);
    await stopped;

    expect(client('am-0').posted).toEqual(['[1]', '[2]']);
    expect(client('am-0').pending()).toBe(0);
    expect(removed).toEqual(['am-0']);
  });

  it('goes on in the same queue when an Alertmanager comes back before it has ended', async () => {
    const set = entry(['am-0']);
    void sendToAll([set], delivery([1]), TIMEOUT);
    set.update([]);
    await jest.advanceTimersByTimeAsync(500);
    set.update(['am-0']);
    void sendToAll([set], delivery([2]), TIMEOUT);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(client('am-0').posted).toEqual(['[1]']);

    await client('am-0').answer(200);
    expect(client('am-0').posted).toEqual(['[1]', '[2]']);
    expect(removed).toEqual([]);
  });

  it('gives what is queued its whole time, when the proxy stops while a reload still ends', async () => {
    const before = entry(['am-0'], () => 'old');
    void sendToAll([before], delivery([1]), TIMEOUT);
    void sendToAll([before], delivery([2]), TIMEOUT);
    const after = entry(['am-0'], () => 'new');
    const stopped = Promise.all([before.stop(), after.stop()]);
    await client('old').answer(200);
    await jest.advanceTimersByTimeAsync(900);
    await client('new').answer(200);
    await stopped;

    expect([...client('old').posted, ...client('new').posted]).toEqual(['[1]', '[2]']);
    expect(removed).toEqual(['am-0']);
  });

  it('counts the time of what is queued from the last that gave an Alertmanager up', async () => {
    const set = entry(['am-0']);
    void sendToAll([set], delivery([1]), TIMEOUT);
    set.update([]);
    await jest.advanceTimersByTimeAsync(900);
    set.update(['am-0']);
    void sendToAll([set], delivery([2]), TIMEOUT);
    set.update([]);
    await jest.advanceTimersByTimeAsync(900);
    await client('am-0').answer(200);
    await client('am-0').answer(200);

    expect(client('am-0').posted).toEqual(['[1]', '[2]']);
  });

  it('sends over the connection of an entry that is left when the other one that names it goes', async () => {
    const stays = entry(['am-0'], () => 'stays');
    const goes = entry(['am-0'], () => 'goes');
    await goes.stop();
    void sendToAll([stays], delivery([1]), TIMEOUT);

    expect(client('stays').posted).toEqual(['[1]']);
    expect(client('goes').posted).toEqual([]);
  });
});
