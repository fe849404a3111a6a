import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { version } from '../../../src/platform/file/package-files.ts';
import { CHART, helm, SCENARIOS } from '../../support/chart.ts';

describe('the chart', () => {
  it.each(SCENARIOS)('is without fault for %s', (_name, file) => {
    const { status, stdout } = helm(['lint', '--strict', CHART, '--values', file]);

    expect(stdout).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(stdout).not.toMatch(/WARNING|ERROR/);
    expect(status).toBe(0);
  });

  it('deploys the version of this package', () => {
    const chart = parse(readFileSync(`${CHART}/Chart.yaml`, 'utf8')) as { appVersion: string };

    expect(chart.appVersion).toBe(version);
  });
});
