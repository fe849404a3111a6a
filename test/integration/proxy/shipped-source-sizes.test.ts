import { describe, expect, it } from '@jest/globals';
import { resultLine } from '../../support/result-line.ts';
import { CRITICAL, useShippedScene } from '../../support/shipped-scene.ts';

const scene = useShippedScene();

describe('long outputs, with the shipped configuration and the agent,', () => {
  it('lose nothing to one large output', async () => {
    scene.agent.write(
      resultLine(CRITICAL),
      // Of characters that take six times their size in JSON.
      resultLine({ ...CRITICAL, name: 'check_large', output: '\u0001'.repeat(600_000) }),
      resultLine({ ...CRITICAL, name: 'check_long', output: 'x'.repeat(1_000_000) }),
    );
    await scene.agent.agent.start();

    const [small, large, long] = await scene.enrich(
      scene.alertOf('check_disk'),
      scene.alertOf('check_large'),
      scene.alertOf('check_long'),
    );

    expect(small).toMatchObject({ check_output: CRITICAL.output });
    // Control characters are no text, but it is told that they were there.
    expect(large?.['check_output']).toMatch(/^\n…\[\d{6} of 600000 bytes left out\]…\n$/);
    expect(long?.['check_output']).toMatch(/^x{2900,}\n…\[\d{6} of 1000000 bytes left out\]…\nx{900,}$/);
    expect(scene.requests).toHaveLength(1);
  });

  it('write the same of a long output, however many checks are asked about, and cost no more than they write', async () => {
    const counts = [1, 10, 60];
    const nameOf = (count: number, n: number): string => `check_${count}_${n}`;
    const output = Array.from({ length: 20_000 }, (_, n) => `${n}`.padStart(7)).join('\n') + '\n';
    for (const count of counts)
      for (let n = 0; n < count; n++)
        scene.agent.write(resultLine({ ...CRITICAL, name: nameOf(count, n), output }));
    await scene.agent.agent.start();

    const texts = new Set<string | undefined>();
    for (const count of counts) {
      const alerts = Array.from({ length: count }, (_, n) => scene.alertOf(nameOf(count, n)));
      for (const { check_output } of await scene.enrich(...alerts)) texts.add(check_output);
    }

    expect([...texts]).toEqual([
      expect.stringMatching(
        /^ {6}0\n {6}1\n[^]*\n…\[156\d{3} of 160000 bytes left out\]…\n[^]*\n {2}19999\n$/,
      ),
    ]);
    // The current output and the last that was not OK.
    const bytesOfOne = 2 * 4_500 + 1_000;
    expect(Math.max(...scene.answeredBytes)).toBeLessThan(50 * bytesOfOne);
    expect(scene.answeredBytes[0]).toBeLessThan(bytesOfOne);
  });

  it.each([
    ['quotes', '\\"', /^"{2900,}\n…\[\d{6} of 160000 bytes left out\]…\n"{900,}$/],
    ['NUL', '\\u0000', /^\n…\[\d{6} of 160000 bytes left out\]…\n$/],
    [
      'bytes that no encoding fits',
      '\xa5',
      /^\ufffd{900,}\n…\[\d{6} of 160000 bytes left out\]…\n\ufffd{300,}$/,
    ],
  ])('show something of an output of nothing but %s, alone as with others', async (_, piece, shown) => {
    const names = ['alone', 'one', 'two'];
    for (const name of names) {
      const [before = '', after = ''] = resultLine({ ...CRITICAL, name, output: 'X' }).split('X');
      scene.agent.write(Buffer.from(before + piece.repeat(160_000) + after, 'latin1'));
    }
    await scene.agent.agent.start();

    const [alone] = await scene.enrich(scene.alertOf('alone'));
    const together = await scene.enrich(scene.alertOf('one'), scene.alertOf('two'));

    expect(alone?.['check_output']).toMatch(shown);
    expect(together.map(({ check_output }) => check_output)).toEqual(Array(2).fill(alone?.['check_output']));
  });

  it('write a long output with one mark, also that of a check that is OK by now', async () => {
    scene.agent.write(
      resultLine({ ...CRITICAL, output: 'x'.repeat(160_000) }),
      resultLine({ name: 'check_disk', output: 'DISK OK\n', executed: 1060 }),
    );
    await scene.agent.agent.start();

    const [whileFiring] = await scene.enrich(scene.alertOf('check_disk'));

    expect(whileFiring?.['check_output']?.match(/left out/g)).toHaveLength(1);
    expect(whileFiring?.['check_output']).toContain(' of 160000 bytes left out]');
  });
});
