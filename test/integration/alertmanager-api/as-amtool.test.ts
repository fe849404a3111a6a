import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { matchesAll, parseMatchers, type LabelSet } from '../../../src/alertmanager-api/matcher.ts';
import { quote } from '../../../src/alertmanager-api/write-matcher.ts';
import { describeWith } from '../../support/binaries.ts';
import { runTool } from '../../support/run-tool.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

// amtool is a process: a busy machine may take its time.
jest.setTimeout(60_000);

type Reading = 'matches' | 'does not match' | 'invalid';

interface RecordedCase {
  readonly matchers: string;
  readonly labels: LabelSet;
  /** What amtool 0.35.0 made of it, as the installed one is asked below. */
  readonly amtool035: Reading;
}

const cases = JSON.parse(
  readFileSync('test/fixtures/matchers-read-by-amtool.json', 'utf8'),
) as readonly RecordedCase[];

function ourReading({ matchers, labels }: RecordedCase): Reading {
  try {
    return matchesAll(parseMatchers(matchers), labels) ? 'matches' : 'does not match';
  } catch {
    return 'invalid';
  }
}

describe('matchers', () => {
  it.each(cases)('are read as amtool 0.35 reads them: $matchers for $labels', (example) => {
    expect(ourReading(example)).toBe(example.amtool035);
  });
});

describeWith(['amtool'], 'matchers beside the installed amtool', ({ amtool }) => {
  const folder = createTempFolder();
  afterAll(() => {
    folder.remove();
  });

  async function amtoolReading({ matchers, labels }: RecordedCase): Promise<Reading> {
    const file = folder.write('alertmanager.yml', JSON.stringify(configWith(matchers)));
    if (!(await runTool(amtool, ['check-config', file])).ok) return 'invalid';
    const args = Object.entries(labels).map(([name, value]) => `${name}=${quote(value)}`);
    const { ok, output } = await runTool(amtool, [
      'config',
      'routes',
      'test',
      `--config.file=${file}`,
      ...args,
    ]);
    if (!ok) throw new Error(output);
    // It warns on the same streams.
    return /^matched$/m.test(output) ? 'matches' : 'does not match';
  }

  // What an older one refuses says nothing about what a newer one takes.
  it('are read as it reads them, where it can', async () => {
    const readings = [];
    for (const example of cases) readings.push({ ...example, amtool: await amtoolReading(example) });
    const known = readings.filter(({ amtool: reading }) => reading !== 'invalid');

    expect(known.length).toBeGreaterThan(60);
    expect(known.map((example) => ({ ...example, amtool: ourReading(example) }))).toEqual(known);
  });
});

function configWith(matchers: string): unknown {
  return {
    route: { receiver: 'none', routes: [{ receiver: 'matched', matchers: [matchers] }] },
    receivers: [{ name: 'none' }, { name: 'matched' }],
  };
}
