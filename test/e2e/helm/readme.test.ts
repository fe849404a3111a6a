import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { at, CHART, render } from '../../support/chart.ts';

const readme = readFileSync(`${CHART}/README.md`, 'utf8');
const values: unknown = parse(readFileSync(`${CHART}/values.yaml`, 'utf8'));

describe("the chart's README", () => {
  const examples = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, example = '']) => example);

  it('has examples', () => {
    expect(examples).toHaveLength(2);
  });

  it.each(examples)('shows values that can be installed: %#', (example) => {
    expect(render(parse(example) as object)).toContainEqual(expect.objectContaining({ kind: 'Deployment' }));
  });

  const listed = [...readme.matchAll(/^\| (`.*?) +\|/gm)].flatMap(
    ([, cell = '']) => cell.match(/[\w.]+/g) ?? [],
  );

  it('lists the values that people change', () => {
    expect(listed).toEqual(expect.arrayContaining(['config', 'secrets', 'agent.enabled']));
  });

  it.each(listed)('lists `%s`, which exists', (path) => {
    expect(at(values, path)).toBeDefined();
  });
});
