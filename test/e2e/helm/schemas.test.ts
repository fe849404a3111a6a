import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { render, SCENARIOS, type Manifest } from '../../support/chart.ts';
import { schemaProblems } from '../../support/kubernetes-schemas.ts';

// The oldest that Chart.yaml's kubeVersion admits, and the newest whose schemas are to be had.
describe.each(['1.25', '1.37'])('Kubernetes %s', (version) => {
  it.each(SCENARIOS)('accepts every object of %s', async (_name, file) => {
    const manifests = render(parse(readFileSync(file, 'utf8')) as object);

    expect(await schemaProblems(manifests, version)).toEqual([]);
  });

  it.each([
    ['a misspelt key', 'Service', { sesionAffinity: 'None' }, "'sesionAffinity' was unexpected"],
    ['a custom resource with a wrong type', 'ServiceMonitor', { endpoints: 'http' }, 'must be array'],
  ])('would have refused %s', async (_what, kind, wrong, problem) => {
    const manifests = render({ serviceMonitor: { enabled: true } })
      .filter((manifest) => manifest.kind === kind)
      .map((manifest): Manifest => ({ ...manifest, spec: { ...(manifest['spec'] as object), ...wrong } }));

    expect(await schemaProblems(manifests, version)).toEqual([expect.stringContaining(problem)]);
  });
});
