import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePerfdata } from '../../../src/checks/perfdata.ts';

const read = (output: string): string[] =>
  parsePerfdata(output).map(({ label, value, unit }) => `${label}=${value}${unit}`);

describe('parsePerfdata', () => {
  it.each([
    ['nothing without a bar', 'OK a=1', []],
    [
      'value and unit, without the thresholds',
      'PING OK|rta=0.31ms;100;200;0 pl=0%;20;60;0',
      ['rta=0.31ms', 'pl=0%'],
    ],
    [
      'a label without unit',
      "LOAD OK|'load1'=3.10;10;20;0; 'load15'=9.12;8;12;0;\n",
      ['load1=3.1', 'load15=9.12'],
    ],
    ['a quoted label with spaces and quotes', "OK|'it''s C:'=5GB;; x=1", ["it's C:=5GB", 'x=1']],
    ['labels that are paths', 'DISK OK | /=2643MB;5948;5958;0;5968\n', ['/=2643MB']],
    [
      'all lines behind the first bar of the long text',
      'DISK OK; | /=1MB\n/boot 68 MB;\n/var 2 MB | /boot=68MB;88\n/home=69357MB;253404\n',
      ['/=1MB', '/boot=68MB', '/home=69357MB'],
    ],
    ['negative values', 'OK|temp=-4.5', ['temp=-4.5']],
    ['exponents and signs', 'OK|a=1.5e-05s;1;2 b=50e+12B c=+5', ['a=0.000015s', 'b=50000000000000B', 'c=5']],
    ['exponents in capitals', 'OK|a=2E3 b=-1.25E+2%;;;0;100', ['a=2000', 'b=-125%']],
    ['a unit that begins with an e', 'OK|a=5eur b=5e', ['a=5eur', 'b=5e']],
    ['items with a comma behind them', 'OK|users=20, shares=3,', ['users=20', 'shares=3']],
    ['a comma behind unit and thresholds', 'OK|a=20ms;1;2, b=3%,', ['a=20ms', 'b=3%']],
    ['not a decimal comma as something else', 'OK|a=1,5ms b=2', ['b=2']],
    ['not a number that is too large', 'OK|a=1e999 b=1', ['b=1']],
    ['not an unknown value', 'OK|a=U;; b=1', ['b=1']],
    ['not a value that is no number', 'OK|a=1.2.3 b=1', ['b=1']],
    ['the last of two with one label', 'OK|a=1 a=2', ['a=2']],
    ['not ranges or words', 'OK| see http://x/?a=b for more', []],
  ])('reads %s', (_, output, expected) => {
    expect(read(output)).toEqual(expected);
  });

  it('reads no more than 100', () => {
    const items = Array.from({ length: 200 }, (_, n) => `a${n}=${n}`);

    expect(read(`OK|${items.join(' ')}`)).toHaveLength(100);
  });

  it('takes any text, quickly', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        for (const { value } of parsePerfdata(`|${text}`)) expect(Number.isFinite(value)).toBe(true);
      }),
    );
    const began = performance.now();
    parsePerfdata(`|${"'".repeat(100_000)}`);
    parsePerfdata(`|${'a'.repeat(100_000)}`);
    parsePerfdata(`|${'a=1'.repeat(50_000)}`);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
