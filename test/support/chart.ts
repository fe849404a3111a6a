import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, stringify } from 'yaml';
import { testTools } from './test-tools.ts';

export const CHART = fileURLToPath(new URL('../../helm/alertmanager-proxy', import.meta.url));

/** The chart's own scenarios: name and file of each ci/*-values.yaml. */
export const SCENARIOS = readdirSync(`${CHART}/ci`).map((name) => [name, `${CHART}/ci/${name}`] as const);

// Here, not in helm(): installing it for the first time takes longer than a test may.
const { helm: HELM } = testTools();

/** A rendered object; `at` and `toHaveProperty` look into the parts that are its kind's own. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

export interface HelmResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm where it can reach no cluster; `input` is what `--values -` reads. */
export function helm(args: readonly string[], input = ''): HelmResult {
  const env = { PATH: process.env['PATH'], KUBECONFIG: '/dev/null' };
  return spawnSync(HELM, args, { input, env, encoding: 'utf8' });
}

/** `helm template` with values, to see how it ends. */
export function template(values: object, release = 'test'): HelmResult {
  return helm(['template', release, CHART, '--namespace', 'default', '--values', '-'], stringify(values));
}

/** The objects that `helm template` renders; throws what Helm says otherwise. */
export function render(values: object = {}, release = 'test'): readonly Manifest[] {
  const { status, stdout, stderr } = template(values, release);
  if (status !== 0) throw new Error(stderr);
  return parseManifests(stdout);
}

/** The objects in a stream of YAML documents. */
export function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** The one object of a kind; throws if there is none, or more. */
export function only(kind: string, manifests: readonly Manifest[]): Manifest {
  const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${kind}`);
  return found;
}

/** What is at a path such as `spec.ports.0.name`; undefined where the path ends early. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}
