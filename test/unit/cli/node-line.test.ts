import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NODE_LINES, problemOfNode } from '../../../src/cli/node-line.ts';

const at = (date: string): number => Date.parse(date);

describe('problemOfNode', () => {
  it.each([
    ['20.20.2', '2026-04-29', undefined],
    ['20.20.2', '2026-04-30', 'Node.js 20 gets no security fixes since 2026-04-30: use Node.js 24 or newer'],
    ['20.19.9', '2026-04-29', 'Node.js 20.19.9 has known security holes: use 20.20.2 or newer'],
    ['20.20.10', '2026-04-29', undefined],
    ['21.7.3', '2026-04-29', 'Node.js 21 gets no security fixes: use Node.js 24 or newer'],
    ['22.23.1', '2027-04-29', 'Node.js 22.23.1 has known security holes: use 22.23.2 or newer'],
    ['22.100.0', '2027-04-29', undefined],
    ['24.18.0', '2028-04-29', 'Node.js 24.18.0 has known security holes: use 24.18.1 or newer'],
    ['24.18.1', '2028-04-30', 'Node.js 24 gets no security fixes since 2028-04-30: use Node.js 24 or newer'],
    ['26.0.0', '2030-01-01', undefined],
  ])('of %s on %s: %s', (version, date, problem) => {
    expect(problemOfNode(version, at(date))).toBe(problem);
  });

  it('begins with the oldest versions that package.json allows', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };

    expect(engines.node.match(/[\d.]+/g)).toEqual([...NODE_LINES.values()].map(({ oldest }) => oldest));
  });
});
