import { describe, expect, it } from '@jest/globals';
import { NODE_BOUNDS } from '../../../src/agent/node-checks.ts';
import { CheckStore } from '../../../src/checks/store.ts';
import { checkResult } from '../../support/check-result.ts';

const NOW = 1_000_000;

function createStore(bounds = {}): { store: CheckStore; evicted: string[] } {
  const evicted: string[] = [];
  const store = new CheckStore({
    clock: { now: () => NOW * 1000, elapsed: () => 0 },
    onEvicted: ({ result }) => evicted.push(result.name),
    isDefined: (name) => name.startsWith('defined'),
    bounds: { ...NODE_BOUNDS, ...bounds },
  });
  return { store, evicted };
}

describe('CheckStore', () => {
  it('keeps the newest result, whatever the order of the lines', () => {
    const { store } = createStore();

    store.apply(checkResult({ executed: 20, status: 2 }));
    const taken = store.apply(checkResult({ executed: 10, status: 0 }));

    expect(taken).toBe(false);
    expect(store.get('web-001', 'check_disk')).toMatchObject({
      result: { executed: 20, status: 2 },
      history: [2],
    });
  });

  it('takes the later line of two from the same second', () => {
    const { store } = createStore();

    store.apply(checkResult({ executed: 20, status: 2 }));
    store.apply(checkResult({ executed: 20, status: 0 }));

    expect(store.get('web-001', 'check_disk')?.result.status).toBe(0);
  });

  it('is not blinded by a result from the future, made before the clock was set right', () => {
    const { store } = createStore();

    store.apply(checkResult({ executed: NOW + 3600, status: 0 }));
    store.apply(checkResult({ executed: NOW, status: 2 }));

    expect(store.get('web-001', 'check_disk')?.result.status).toBe(2);
  });

  it('takes what one reading of a log tells later, though the clock was set back between', () => {
    const { store } = createStore();
    const source = { reading: Symbol('one') };

    store.apply(checkResult({ executed: NOW - 10, status: 0 }), source);
    const taken = store.apply(checkResult({ executed: NOW - 200, status: 2 }), source);

    expect(taken).toBe(true);
    expect(store.get('web-001', 'check_disk')).toMatchObject({ result: { status: 2 }, history: [0, 2] });
  });

  it('takes nothing twice when another reading holds the same lines', () => {
    const { store } = createStore();
    const lines = [10, 20, 30].map((executed) => checkResult({ executed, status: executed === 20 ? 2 : 0 }));
    for (const line of lines) store.apply(line, { reading: Symbol.for('copy') });

    const taken = lines.slice(0, 2).map((line) => store.apply(line, { reading: Symbol.for('original') }));

    expect(taken).toEqual([false, false]);
    expect(store.get('web-001', 'check_disk')?.history).toEqual([0, 2, 0]);
  });

  it('keeps results of proxy clients apart from those of the node', () => {
    const { store } = createStore();

    store.apply(checkResult({ name: 'ping', status: 0 }));
    store.apply(checkResult({ name: 'ping', source: 'switch-1', status: 2 }));

    expect(store.get('web-001', 'ping')?.result.status).toBe(0);
    expect(store.get('switch-1', 'ping')?.result.status).toBe(2);
    expect(store.states()).toHaveLength(2);
  });

  it('tells when a check ran on a clock that nobody sets, and takes a time to come for now', () => {
    const { store } = createStore();

    store.apply(checkResult({ name: 'past', executed: NOW - 10 }));
    store.apply(checkResult({ name: 'future', executed: NOW + 3600 }));
    store.applySubdued({ name: 'past', source: undefined, subdued: NOW - 5 });

    expect(store.get('web-001', 'past')?.ranAt).toBe(-10_000);
    expect(store.get('web-001', 'future')?.ranAt).toBe(0);
    expect(store.lastSubdued('past', undefined)).toEqual({ seconds: NOW - 5, moment: -5000 });
  });

  it('forgets the check that has been silent longest when there are too many, and says so', () => {
    const { store, evicted } = createStore({ checks: 2 });

    for (const name of ['a', 'b', 'a', 'c']) store.apply(checkResult({ name }));

    expect(evicted).toEqual(['b']);
    expect(
      store
        .states()
        .map(({ result }) => result.name)
        .sort(),
    ).toEqual(['a', 'c']);
  });

  it.each([
    ['many', { checks: 3 }],
    ['large', { bytes: 3000 }],
  ])('forgets those that no configuration defines first when there are too %s', (_, bounds) => {
    const { store, evicted } = createStore(bounds);

    for (const name of ['defined1', 'defined2', 'pushed1', 'pushed2', 'defined1', 'pushed3'])
      store.apply(checkResult({ name, attributeBytes: 990 }));
    store.apply(checkResult({ name: 'defined3', attributeBytes: 990 }));
    store.apply(checkResult({ name: 'defined4', attributeBytes: 990 }));

    expect(evicted).toEqual(['pushed1', 'pushed2', 'pushed3', 'defined2']);
    expect(store.states().map(({ result }) => result.name)).toEqual(['defined4', 'defined3', 'defined1']);
  });

  it('keeps the head and the tail of an output, and its whole length', () => {
    const { store } = createStore({ output: 4 });

    store.apply(checkResult({ output: '123456' }));

    expect(store.get('web-001', 'check_disk')?.result.output).toEqual({
      head: Buffer.from('123'),
      tail: Buffer.from('6'),
      bytes: 6,
    });
  });

  it('keeps less of each output rather than forget a check', () => {
    const { store, evicted } = createStore({ bytes: 40_000, output: 10_000, outputWhenFull: 10 });

    for (let n = 0; n < 100; n += 1)
      store.apply(checkResult({ name: `check${n}`, output: 'x'.repeat(9000), status: 2 }));

    expect(evicted).toEqual([]);
    expect(store.states()).toHaveLength(100);
    expect(store.get('web-001', 'check99')?.result.output).toMatchObject({
      bytes: 9000,
      head: Buffer.from('x'.repeat(7)),
      tail: Buffer.from('x'.repeat(3)),
    });
  });
});
