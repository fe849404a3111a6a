import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import type { Manifest } from './chart.ts';
import { createTempFolder } from './temp-folder.ts';
import { testTools } from './test-tools.ts';

const tools = testTools();

/** Where the npm packages keep the schema of each custom resource that the chart can render. */
const CUSTOM_RESOURCES: Readonly<Record<string, string>> = {
  HTTPRoute: 'gateway-api/gateway.networking.k8s.io/v1/HTTPRoute.js',
  PodMonitor: 'prometheus-operator/monitoring.coreos.com/v1/PodMonitor.js',
  PrometheusRule: 'prometheus-operator/monitoring.coreos.com/v1/PrometheusRule.js',
  ServiceMonitor: 'prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor.js',
};

/** What a Kubernetes of this version, e.g. `1.37`, would say against the objects; unknown keys count too. */
export async function schemaProblems(manifests: readonly Manifest[], version: string): Promise<string[]> {
  const isCustom = ({ kind }: Manifest): boolean => kind in CUSTOM_RESOURCES;
  const custom = await Promise.all(manifests.filter(isCustom).map(customProblems));
  return [
    ...builtInProblems(
      manifests.filter((manifest) => !isCustom(manifest)),
      version,
    ),
    ...custom.flat(),
  ];
}

function builtInProblems(manifests: readonly Manifest[], version: string): string[] {
  const answers = manifests.length === 0 ? [] : kubernetesValidate(manifests, version);
  // Each object is answered by one line: a validator that skips objects must not look like one that accepts them.
  const silent =
    answers.length < manifests.length ? [`${answers.length} of ${manifests.length} answered`] : [];
  return [...answers.filter((answer) => !answer.startsWith('INFO ')), ...silent];
}

function kubernetesValidate(manifests: readonly Manifest[], version: string): string[] {
  const folder = createTempFolder();
  const file = folder.write('manifests.yaml', manifests.map((manifest) => stringify(manifest)).join('---\n'));
  const args = ['-m', 'kubernetes_validate', '--strict', '-k', version, file];
  const env = { ...process.env, PYTHONPATH: tools.python };
  const { stdout, stderr } = spawnSync('python3', args, { env, encoding: 'utf8' });
  folder.remove();
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

async function customProblems(manifest: Manifest): Promise<string[]> {
  const file = join(tools.nodeModules, '@kubernetes-models', CUSTOM_RESOURCES[manifest.kind] ?? '');
  const models = (await import(pathToFileURL(file).href)) as Record<string, new (object: Manifest) => Model>;
  const Resource = models[manifest.kind];
  if (Resource === undefined) return [`no schema for ${manifest.kind}`];
  try {
    new Resource(manifest).validate();
    return [];
  } catch (error) {
    return [`${manifest.kind}: ${String(error)}`];
  }
}

interface Model {
  validate(): void;
}
