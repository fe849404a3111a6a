import { once } from 'node:events';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

jest.setTimeout(400_000);

const HOME = 'usr/lib/alertmanager-proxy';

let folder: TempFolder;
let packages: string;

// What this machine can run; the other architecture differs in two binaries.
beforeAll(async () => {
  folder = createTempFolder();
  packages = join(folder.path, 'packages');
  await call(process.execPath, 'scripts/package.mjs', '--built', `--output=${packages}`, 'amd64');
});
afterAll(() => {
  folder.remove();
});

async function call(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

function fileOf(ending: string): string {
  const name = readdirSync(packages).find((file) => file.endsWith(ending));
  return join(packages, name ?? `no ${ending}`);
}

/** A machine without anything: only what a package manager wants. */
function createMachine(name: string): string {
  const root = join(folder.path, name);
  mkdirSync(join(root, 'var/lib/dpkg/info'), { recursive: true });
  mkdirSync(join(root, 'var/lib/dpkg/updates'), { recursive: true });
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const file of ['var/lib/dpkg/status', 'var/lib/dpkg/available', 'etc/passwd', 'etc/group'])
    writeFileSync(join(root, file), '');
  return root;
}

function dpkg(root: string, ...args: string[]): Promise<string> {
  return call('dpkg', `--root=${root}`, '--force-script-chrootless', '--force-not-root', ...args);
}

function expectProgram(root: string): void {
  for (const file of [
    'usr/bin/alertmanager-proxy',
    `${HOME}/node`,
    `${HOME}/dist/main.js`,
    `${HOME}/config/templates/sensu.tmpl`,
    'usr/lib/systemd/system/alertmanager-proxy.service',
    'usr/lib/systemd/system/alertmanager-proxy-node.service',
    'usr/lib/sysusers.d/alertmanager-proxy.conf',
    'etc/default/alertmanager-proxy-node',
    'usr/share/bash-completion/completions/alertmanager-proxy',
    'usr/share/zsh/vendor-completions/_alertmanager-proxy',
    'etc/alertmanager-proxy',
  ])
    expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  const manual = gunzipSync(
    readFileSync(join(root, 'usr/share/man/man1/alertmanager-proxy.1.gz')),
  ).toString();
  expect(manual).toContain('.SH "SERVE"');
}

/** Runs the program with the Node.js of the package. */
function programOf(root: string): [string, string] {
  return [join(root, HOME, 'node'), join(root, HOME, 'dist/main.js')];
}

describe('the .deb', () => {
  it('is installed, runs, is upgraded and removed; what the operator wrote stays', async () => {
    const root = createMachine('debian');
    await dpkg(root, '--install', fileOf('.deb'));
    expectProgram(root);
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(/^sensu:/m);
    expect(existsSync(join(root, 'etc/sensu/conf.d'))).toBe(true);

    const defaults = join(root, 'etc/default/alertmanager-proxy-node');
    expect(readFileSync(defaults, 'utf8')).toContain('ARGS="--web.listen-address=127.0.0.1:9470"');
    writeFileSync(defaults, 'ARGS=--web.listen-address=10.1.2.3:9470\n');
    const config = join(root, 'etc/alertmanager-proxy/alertmanager-proxy.yml');
    await startsFrom(root, config);

    await dpkg(root, '--install', fileOf('.deb'));
    expect(readFileSync(defaults, 'utf8')).toContain('10.1.2.3');
    await dpkg(root, '--remove', 'alertmanager-proxy');
    expect(existsSync(join(root, HOME, 'node'))).toBe(false);
    expect(existsSync(config)).toBe(true);
  });

  it('needs no Node.js and no npm', async () => {
    expect(await call('dpkg-deb', '--field', fileOf('.deb'), 'Depends')).toBe('\n');
  });
});

describe('the .rpm', () => {
  it('is installed, upgraded and removed', async () => {
    const root = createMachine('redhat');
    const rpm = (...args: string[]): Promise<string> =>
      call('rpm', '--root', root, '--dbpath', '/var/lib/rpm', ...args);
    // The folder holds no other packages, and no shell for scripts.
    const apart = ['--nodeps', '--noscripts'];
    await rpm('--install', ...apart, fileOf('.rpm'));
    expectProgram(root);
    await rpm('--upgrade', ...apart, '--force', fileOf('.rpm'));
    expect(await rpm('--query', 'alertmanager-proxy')).toMatch(/^alertmanager-proxy-/);
    await rpm('--erase', ...apart, 'alertmanager-proxy');
    expect(existsSync(join(root, HOME, 'node'))).toBe(false);
  });
});

describe('the tarball', () => {
  it('is the same, unpacked', async () => {
    const root = join(folder.path, 'unpacked');
    mkdirSync(root);
    await call('tar', '-xzf', fileOf('.tar.gz'), '-C', root);
    expectProgram(root);
    const [node, main] = programOf(root);
    expect(await call(node, main, '--version')).toMatch(
      /^[\d.]+ \(revision [0-9a-f]{12}, Node\.js 24\.[\d.]+\)\n$/,
    );
  });
});

// `init` writes a configuration that `check-config` and `serve` take.
async function startsFrom(root: string, config: string): Promise<void> {
  const [node, main] = programOf(root);
  const init = ['init', '--alertmanager.url', 'http://127.0.0.1:9/', '--agent.cidr', '10.0.0.0/8'];
  await call(node, main, ...init, `--config.file=${config}`);
  expect(await call(node, main, 'check-config', config)).toContain('valid, 1 alertmanager');
  await expect(call(node, main, ...init, `--config.file=${config}`)).rejects.toThrow('exists already');

  const child = spawn(node, [main, 'serve', `--config.file=${config}`, '--web.listen-address=127.0.0.1:0']);
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  try {
    const [, url = ''] = await waitFor(
      'the listener',
      () => /msg="ready to take alerts" url=(\S+)/.exec(log) ?? false,
    );
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  } finally {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  }
}
