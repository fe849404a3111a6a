import { describe, expect, it } from '@jest/globals';
import { createNodeNames } from '../../../../src/platform/http/name-resolver.ts';

/** A resolver that counts what it is asked, answers with what it is told, and a clock that moves by hand. */
function createStub() {
  const asked: string[] = [];
  let answer: (name: string) => Promise<string[]> = () => Promise.resolve(['10.0.0.1']);
  let time = 0;
  const names = createNodeNames({
    resolve: (name) => {
      asked.push(name);
      return answer(name);
    },
    now: () => time,
  });
  return {
    asked,
    names,
    answerWith: (next: typeof answer) => (answer = next),
    pass: (milliseconds: number) => (time += milliseconds),
  };
}

const failing = (): Promise<string[]> => Promise.reject(new Error('ENOTFOUND'));

describe('createNodeNames', () => {
  it('asks once for a name that many ask for at the same time', async () => {
    const { names, asked } = createStub();

    const found = await Promise.all([names('n1'), names('n1'), names('n1')]);

    expect(found).toEqual([['10.0.0.1'], ['10.0.0.1'], ['10.0.0.1']]);
    expect(asked).toEqual(['n1']);
  });

  it.each([
    ['keeps an answer for 30 s', 29_999, ['10.0.0.1'], 1],
    ['asks again after 30 s', 30_000, ['10.0.0.2'], 2],
  ])('%s', async (_, later, addresses, questions) => {
    const { names, asked, answerWith, pass } = createStub();
    await names('n1');
    answerWith(() => Promise.resolve(['10.0.0.2']));
    pass(later);

    expect(await names('n1')).toEqual(addresses);
    expect(asked).toHaveLength(questions);
  });

  it.each([
    ['remembers a failure for 5 s', 4_999, 1],
    ['asks again after 5 s', 5_000, 2],
  ])('%s', async (_, later, questions) => {
    const { names, asked, answerWith, pass } = createStub();
    answerWith(failing);
    await expect(names('n1')).rejects.toThrow('name not resolved');
    pass(later);

    await expect(names('n1')).rejects.toThrow('name not resolved');
    expect(asked).toHaveLength(questions);
  });

  it('lives with the last good answer for 5 min while the resolver fails', async () => {
    const { names, answerWith, pass } = createStub();
    await names('n1');
    answerWith(failing);

    pass(299_999);
    expect(await names('n1')).toEqual(['10.0.0.1']);
    pass(1);
    await expect(names('n1')).rejects.toThrow('name not resolved');
  });

  it('does not wait long for a slow resolver if there is a last good answer', async () => {
    const { names, answerWith, pass } = createStub();
    await names('n1');
    let finish: (addresses: string[]) => void = () => undefined;
    answerWith(() => new Promise((resolve) => (finish = resolve)));
    pass(30_000);

    expect(await names('n1')).toEqual(['10.0.0.1']);
    finish(['10.0.0.2']);
    await new Promise(setImmediate);
    expect(await names('n1')).toEqual(['10.0.0.2']);
  });

  it('runs at most 16 lookups at a time', async () => {
    const { names, asked, answerWith } = createStub();
    const waiting: (() => void)[] = [];
    answerWith(
      () =>
        new Promise((resolve) => {
          waiting.push(() => {
            resolve(['10.0.0.1']);
          });
        }),
    );

    const all = Array.from({ length: 20 }, (_, index) => names(`n${index}`));
    await new Promise(setImmediate);
    expect(asked).toHaveLength(16);

    while (waiting.length > 0) {
      waiting.pop()?.();
      await new Promise(setImmediate);
    }
    expect(await Promise.all(all)).toHaveLength(20);
  });

  it('refuses more names once thousands wait for a dead resolver', async () => {
    const { names, answerWith } = createStub();
    answerWith(() => new Promise(() => undefined));
    for (let index = 0; index < 5_000; index++) names(`n${index}`).catch(() => undefined);
    await new Promise(setImmediate);

    await expect(names('one-more')).rejects.toThrow('name not resolved');
  });
});
