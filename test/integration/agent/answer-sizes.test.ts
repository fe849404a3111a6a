import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRunningAgent, type RunningAgent } from '../../support/running-agent.ts';
import { resultLine } from '../../support/result-line.ts';

describe('an answer of the agent', () => {
  let agent: RunningAgent;

  beforeEach(async () => {
    agent = await createRunningAgent({ charsets: ['utf-8', 'euc-jp'] });
  });
  afterEach(() => agent.stop());

  it('cuts a long output at a character, says so, and shows more when asked', async () => {
    agent.write(resultLine({ output: 'é'.repeat(50_000) }));
    await agent.agent.start();

    const cut = await agent.json('/checks/check_disk?max_bytes=5');
    expect(cut).toMatchObject({ check: { output: 'éé' }, truncated: true, output_bytes: 100_000 });
    const usual = (await agent.json('/checks/check_disk'))['check'] as { output: string };
    expect(usual.output).toMatch(/^é+\n…\[\d+ of 100000 bytes left out\]…\né+$/);
    expect(Buffer.byteLength(usual.output)).toBeGreaterThan(16_380);
    expect(Buffer.byteLength(usual.output)).toBeLessThanOrEqual(16_384);
    const whole = await agent.json('/checks/check_disk?max_bytes=262144');
    expect(whole).toMatchObject({ check: { output: 'é'.repeat(50_000) }, truncated: false });
  });

  it.each([
    ['quotes', '\\"'],
    ['NUL', '\\u0000'],
    ['bytes that no encoding fits', '\xff'],
  ])('fits into what the proxy takes by default when the output is nothing but %s', async (_, piece) => {
    const [before = '', after = ''] = resultLine({ output: 'X', status: 2 }).split('X');
    agent.write(Buffer.from(before + piece.repeat(160_000) + after, 'latin1'));
    await agent.agent.start();

    const answer = await agent.get('/checks/check_disk');

    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(256 * 1024);
  });

  it('tells the same of a check, whatever else is asked for', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `check${n}`);
    agent.write(...names.map((name) => resultLine({ name, status: 2, output: 'x'.repeat(100_000) })));
    await agent.agent.start();
    const answerOf = async (count: number): Promise<unknown> => {
      const asked = names.slice(0, count).join(',');
      const { checks } = await agent.json(`/checks?names=${asked}&output=1&max_bytes=60000`);
      return (checks as unknown[])[0];
    };

    const alone = await agent.json('/checks/check0?max_bytes=60000');

    expect(await answerOf(1)).toEqual(alone);
    expect(await answerOf(10)).toEqual(alone);
    expect(await answerOf(60)).toEqual(alone);
  });

  it('is refused if it would be too long, rather than cut what is in it further', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `check${n}`);
    agent.write(...names.map((name) => resultLine({ name, status: 2, output: 'x'.repeat(100_000) })));
    await agent.agent.start();

    const answer = await agent.get(`/checks?names=${names.join(',')}&output=1&max_bytes=200000`);

    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('ask for fewer checks') });
  });
});
