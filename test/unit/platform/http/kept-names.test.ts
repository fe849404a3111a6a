import { afterEach, describe, expect, it } from '@jest/globals';
import { KeptNames } from '../../../../src/platform/http/kept-names.ts';
import { waitFor } from '../../../support/wait-for.ts';

const OWNER = {};
const HOUR_MS = 3_600_000;

/** Names in front of a resolver that records what it is asked, and a clock that moves by hand. */
function createStub({ refreshEvery = 60_000 } = {}) {
  const asked: string[] = [];
  let answer: () => Promise<string[]> = () => Promise.resolve(['10.0.0.1']);
  let time = 0;
  const names = new KeptNames({
    resolve: (name) => {
      asked.push(name);
      return answer();
    },
    now: () => time,
    refreshEvery,
  });
  opened.push(names);
  return {
    asked,
    names,
    answerWith: (next: typeof answer) => (answer = next),
    pass: (milliseconds: number) => (time += milliseconds),
  };
}

const opened: KeptNames[] = [];
afterEach(() => {
  for (const names of opened.splice(0)) names.keep(OWNER, []);
});

const failing = (): Promise<string[]> => Promise.reject(new Error('EAI_AGAIN'));
const hanging = (): Promise<string[]> => new Promise(() => undefined);

describe('KeptNames', () => {
  it('resolves a name before anybody needs it', async () => {
    const { names, answerWith } = createStub();
    names.keep(OWNER, ['am']);
    await new Promise(setImmediate);
    answerWith(failing);

    expect(await names.resolve('am')).toEqual(['10.0.0.1']);
  });

  it('asks for kept names again and again, and no more once their owner is done', async () => {
    const { names, asked } = createStub({ refreshEvery: 10 });
    names.keep(OWNER, ['am-0', 'am-1']);
    await waitFor('three rounds', () => asked.length >= 6);

    names.keep(OWNER, []);
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toHaveLength(before);
    expect(new Set(asked)).toEqual(new Set(['am-0', 'am-1']));
  });

  it('asks for a name again that another owner still keeps', async () => {
    const { names, asked } = createStub({ refreshEvery: 10 });
    const other = {};
    names.keep(OWNER, ['am']);
    names.keep(other, ['am']);
    names.keep(other, []);
    const before = asked.length;

    await waitFor('another round', () => asked.length > before);
  });

  it.each([
    ['fails', failing],
    ['hangs', hanging],
  ])('answers with the last good address for an hour while DNS %s', async (_, trouble) => {
    const { names, answerWith, pass } = createStub();
    await names.resolve('am');
    answerWith(trouble);

    pass(HOUR_MS - 1);
    expect(await names.resolve('am')).toEqual(['10.0.0.1']);
  });

  it('does not know the address any more after an hour', async () => {
    const { names, answerWith, pass } = createStub();
    await names.resolve('am');
    answerWith(failing);

    pass(HOUR_MS);
    await expect(names.resolve('am')).rejects.toThrow('name not resolved');
  });

  it('takes a new address as soon as DNS tells one', async () => {
    const { names, answerWith, pass } = createStub();
    await names.resolve('am');
    answerWith(() => Promise.resolve(['10.0.0.2']));

    pass(30_000);
    expect(await names.resolve('am')).toEqual(['10.0.0.2']);
  });
});
