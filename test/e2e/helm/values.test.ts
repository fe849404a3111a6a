import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/proxy/config/load.ts';
import { configInputSchema } from '../../../src/proxy/config/input-schema.ts';
import { at, CHART, only, render, SCENARIOS, template } from '../../support/chart.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const read = (name: string): unknown => parse(readFileSync(`${CHART}/${name}`, 'utf8'));
const schema = read('values.schema.json');

describe('the schema of values', () => {
  it('knows the configuration as the proxy itself does; else: npm run generate:helm-schema', () => {
    const ofProxy = configInputSchema();

    expect(at(schema, 'properties.config')).toEqual(JSON.parse(JSON.stringify(ofProxy)));
  });

  it('names the keys of values.yaml, no more and no fewer', () => {
    // `global` belongs to charts that this one is a part of.
    expect(keysOfSchema(schema)).toEqual([...keysOfValues(read('values.yaml')), 'global'].sort());
  });

  const source = {
    name: 'node-agent',
    matchers: ['check=~".+"'],
    url: 'http://{instance}/checks/{check}',
    annotations: { check_output: 'check.output' },
    allow: { ports: [9470], cidrs: ['10.0.0.0/8'] },
  };

  it.each([
    ['an unknown key', { replicas: 3 }, "additional properties 'replicas' not allowed"],
    [
      'an unknown key further in',
      { serviceMonitor: { enable: true } },
      "additional properties 'enable' not allowed",
    ],
    ['a wrong type', { replicaCount: 'two' }, "at '/replicaCount': got string, want integer"],
    ['a word that is no choice', { podAntiAffinity: 'firm' }, "at '/podAntiAffinity': value must be one of"],
    ['no configuration', { config: null }, "missing property 'config'"],
    [
      'no Alertmanager',
      { config: { alertmanagers: [] } },
      "at '/config/alertmanagers': minItems: got 0, want 1",
    ],
    [
      'a misspelt key of the proxy',
      { config: { sources: [{ ...source, timeuot: '1s' }] } },
      "at '/config/sources/0': additional properties 'timeuot' not allowed",
    ],
    [
      'a source without an allow-list',
      { config: { sources: [{ ...source, allow: undefined }] } },
      "at '/config/sources/0': missing property 'allow'",
    ],
    [
      'a duration without a unit',
      { config: { enrichment: { cache: { ttl: 30 } } } },
      "at '/config/enrichment/cache/ttl': got number, want string",
    ],
  ])('refuses %s with a sentence', (_what, values, sentence) => {
    const { status, stdout, stderr } = template(values);

    expect(stderr).toContain(sentence);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

describe('the configuration that is rendered', () => {
  it.each(SCENARIOS)('from %s is one that the proxy takes', async (_name, file) => {
    const configMap = only(
      'ConfigMap',
      render({ ...(parse(readFileSync(file, 'utf8')) as object), ...QUIET }),
    );
    const text = Object.values(at(configMap, 'data') as Record<string, string>)[0] ?? '';
    const folder = createTempFolder();
    folder.write('password', 'secret');
    // Where the pod has its secrets, this folder has one.
    const path = folder.write(
      'config.yml',
      text.replaceAll(/\/etc\/alertmanager-proxy\/secrets\/[\w-]+/g, folder.path),
    );

    await expect(loadConfig(path)).resolves.toHaveProperty('config.alertmanagers.0');
    folder.remove();
  });
});

/** Without the other ConfigMaps. */
const QUIET = { dashboard: { enabled: false }, extraManifests: [] };

/** `service.port` and so on; maps that belong to Kubernetes, or to the proxy, count as one key. */
function keysOfSchema(node: unknown, path: readonly string[] = []): string[] {
  const properties = at(node, 'properties') as object | undefined;
  if (properties === undefined || path[0] === 'config') return [path.join('.')];
  return Object.entries(properties)
    .flatMap(([key, inner]: [string, unknown]) => keysOfSchema(inner, [...path, key]))
    .sort();
}

function keysOfValues(values: unknown, path: readonly string[] = []): string[] {
  const closed = path.reduce((node, key) => at(node, `properties.${key}`), schema);
  if (path[0] === 'config' || at(closed, 'properties') === undefined) return [path.join('.')];
  return Object.entries(values as object).flatMap(([key, inner]: [string, unknown]) =>
    keysOfValues(inner, [...path, key]),
  );
}
