import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';
import { encodeBatch, firing } from '../support/alert-builder.ts';
import { runCommand } from '../support/run-command.ts';
import { startStubAlertmanager } from '../support/stub-alertmanager.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';

jest.setTimeout(180_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { version, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

let folder: TempFolder;
let project: string;
let files: string[];

async function call(cwd: string, program: string, ...args: string[]): Promise<string> {
  // npm, run by a test that npm runs, would take that one's settings for its own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_/.test(name)));
  const { stdout } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

// What is published is what was built: building here would pull dist/ away from under the other tests.
beforeAll(async () => {
  folder = createTempFolder();
  const packed = await call(
    ROOT,
    'npm',
    'pack',
    '--ignore-scripts',
    '--json',
    '--pack-destination',
    folder.path,
  );
  const [tarball] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
  files = tarball.files.map(({ path }) => path);
  project = join(folder.path, 'project');
  mkdirSync(project);
  folder.write('project/package.json', '{"private": true}');
  await call(
    project,
    'npm',
    'i',
    '--omit=dev',
    '--prefer-offline',
    '--no-audit',
    join('..', tarball.filename),
  );
});

afterAll(() => {
  folder.remove();
});

describe('the package', () => {
  it.each([
    'dist/main.js',
    'config/alertmanager-proxy.yml',
    'config/templates/sensu.tmpl',
    'docs/configuration.md',
    'LICENSE',
    'CHANGELOG.md',
  ])('holds %s', (file) => {
    expect(files).toContain(file);
  });

  it('holds no tests, sources or configuration of tools', () => {
    const others = files.filter(
      (file) => !/^(dist|config|docs)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(file),
    );

    expect(others).toEqual([]);
    expect(files.filter((file) => /\.test\.|\.ts$|\.map$/.test(file))).toEqual([]);
  });

  it('brings its runtime dependencies, and no others', () => {
    expect(existsSync(join(project, 'node_modules/express'))).toBe(true);
    expect(existsSync(join(project, 'node_modules/typescript'))).toBe(false);
  });

  it('tells its version', async () => {
    expect(await call(project, 'npx', 'alertmanager-proxy', '--version')).toMatch(
      new RegExp(`^${version} \\(revision [0-9a-f]{12}, Node.js ${process.versions.node}\\)\\n$`),
    );
  });

  it('checks the configuration that it brings', async () => {
    const config = 'node_modules/alertmanager-proxy/config/alertmanager-proxy.yml';

    expect(await call(project, 'npx', 'alertmanager-proxy', 'check-config', config)).toContain('valid');
  });

  it('serves', async () => {
    const alertmanager = await startStubAlertmanager();
    const config = folder.write(
      'proxy.yml',
      stringify({ alertmanagers: [{ static_configs: [{ targets: [alertmanager.address] }] }] }),
    );
    const proxy = runCommand(['serve', `--config.file=${config}`, '--web.listen-address=127.0.0.1:0'], {
      main: join(project, 'node_modules/.bin/alertmanager-proxy'),
    });
    const [, url = ''] = await proxy.printed(/msg="ready to take alerts" url=(\S+)/, 30_000);
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: new Uint8Array(encodeBatch([firing({ n: '1' })])),
    });

    expect(response.status).toBe(200);
    expect(alertmanager.alerts()).toHaveLength(1);
    expect(await proxy.stop()).toBe(0);
    await alertmanager.close();
  });
});

describe('the version', () => {
  it('is semantic, and the changelog begins with it', () => {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    const [, heading] = /^## (.+)$/m.exec(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')) ?? [];
    expect(heading).toMatch(
      new RegExp(`^${version.replaceAll('.', '\\.')} / (unreleased|\\d{4}-\\d\\d-\\d\\d)$`),
    );
  });
});

describe('npm run sbom', () => {
  it('names each package that is needed at run time, and no other', async () => {
    const sbom = JSON.parse(await call(ROOT, 'npm', 'run', '--silent', 'sbom')) as {
      bomFormat: string;
      metadata: { component: { name: string; version: string } };
      components: { name: string; version: string }[];
    };

    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string; dev?: boolean }>;
    };
    const needed = Object.entries(packages)
      .filter(([path, { dev = false }]) => path !== '' && !dev)
      .map(([path, entry]) => `${path.replace(/^.*node_modules\//, '')}@${entry.version}`);
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(sbom.metadata.component).toMatchObject({ name: 'alertmanager-proxy', version });
    const named = sbom.components.map((component) => `${component.name}@${component.version}`);
    expect(named.toSorted()).toEqual([...new Set(needed)].toSorted());
    expect(named).toEqual(
      expect.arrayContaining(Object.keys(dependencies).map((name) => expect.stringContaining(`${name}@`))),
    );
  });
});
