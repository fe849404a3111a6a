// npm run package [-- amd64 arm64 --output=DIR --built]: writes .deb, .rpm and .tar.gz with all that a machine needs, Node.js included.
// --built takes dist as it is.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bashCompletion, manPage, zshCompletion } from './lib/command-texts.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { build, ROOT, run } from './lib/run.mjs';

const NFPM = 'github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2';
const SOURCES = join(ROOT, 'deploy/package');
const NODE = readJson(join(SOURCES, 'node.json'));
const { version } = readJson(join(ROOT, 'package.json'));
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', default: join(ROOT, 'packages') },
    built: { type: 'boolean', default: false },
  },
});
const OUTPUT = resolve(flags.output);
const architectures = positionals.length > 0 ? positionals : ['amd64', 'arm64'];

process.exitCode = ensureNodeModules() && (flags.built || build()) && (await packageAll()) ? 0 : 1;

async function packageAll() {
  mkdirSync(OUTPUT, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'alertmanager-proxy-package-'));
  try {
    const texts = await commandTexts();
    for (const architecture of architectures) {
      console.log(`packaging for ${architecture} …`);
      const stage = join(work, architecture);
      stageProgram(stage, architecture, work);
      stageSystem(stage, texts);
      writePackages(stage, architecture, work);
    }
    for (const file of readdirSync(OUTPUT)) console.log(join(OUTPUT, file));
    return true;
  } catch (error) {
    console.error(error.message);
    return false;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// The program, its dependencies as the lockfile pins them, and a Node.js whose digest is known.
function stageProgram(stage, architecture, work) {
  const home = join(stage, 'usr/lib/alertmanager-proxy');
  mkdirSync(home, { recursive: true });
  for (const file of [
    'package.json',
    'package-lock.json',
    '.npmrc',
    'LICENSE',
    'CHANGELOG.md',
    'docs',
    'config',
  ]) {
    cpSync(join(ROOT, file), join(home, file), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.yml'),
    });
  }
  cpSync(join(ROOT, 'dist'), join(home, 'dist'), { recursive: true });
  must('npm', [
    'ci',
    '--prefix',
    home,
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--prefer-offline',
    '--silent',
  ]);
  prunePrebuilds(join(home, 'node_modules/bcrypt/prebuilds'), architecture);
  cpSync(fetchNode(architecture, work), join(home, 'node'));
  chmodSync(join(home, 'node'), 0o755);
}

// bcrypt brings binaries for every system.
function prunePrebuilds(folder, architecture) {
  const kept = architecture === 'amd64' ? 'linux-x64' : 'linux-arm64';
  for (const name of readdirSync(folder)) {
    if (name !== kept) rmSync(join(folder, name), { recursive: true });
  }
}

function fetchNode(architecture, work) {
  const pinned = NODE[architecture];
  if (pinned === undefined) throw new Error(`unknown architecture "${architecture}": amd64 or arm64`);
  const folder = join(work, `node-${architecture}`);
  mkdirSync(folder);
  must('npm', ['pack', `${pinned.package}@${NODE.version}`, '--pack-destination', folder, '--silent']);
  const tarball = join(folder, `${pinned.package}-${NODE.version}.tgz`);
  const digest = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (digest !== pinned.integrity)
    throw new Error(`${tarball} is not the one of deploy/package/node.json: ${digest}`);
  must('tar', ['-xzf', tarball, '-C', folder]);
  return join(folder, 'package/bin/node');
}

function stageSystem(stage, { man, bash, zsh }) {
  const put = (path, content, mode = 0o644) => {
    const file = join(stage, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content, { mode });
  };
  const from = (path) => readFileSync(join(ROOT, 'deploy', path));
  put('usr/bin/alertmanager-proxy', from('package/wrapper.sh'), 0o755);
  for (const unit of readdirSync(join(ROOT, 'deploy/systemd')))
    put(`usr/lib/systemd/system/${unit}`, from(`systemd/${unit}`));
  for (const name of readdirSync(join(SOURCES, 'default')))
    put(`etc/default/${name}`, from(`package/default/${name}`));
  put('usr/lib/sysusers.d/alertmanager-proxy.conf', from('package/sysusers.conf'));
  put('etc/logrotate.d/alertmanager-proxy-node', from('package/logrotate'));
  put('usr/share/man/man1/alertmanager-proxy.1.gz', gzipSync(man, { level: 9 }));
  put('usr/share/bash-completion/completions/alertmanager-proxy', bash);
  put('usr/share/zsh/vendor-completions/_alertmanager-proxy', zsh);
  mkdirSync(join(stage, 'etc/alertmanager-proxy'), { recursive: true });
}

async function commandTexts() {
  const { createProgram } = await import(join(ROOT, 'dist/lib/cli/program.js'));
  const program = createProgram({
    stdout: process.stdout,
    stderr: process.stderr,
    env: {},
    nodeVersion: NODE.version,
  });
  return { man: manPage(program, version), bash: bashCompletion(program), zsh: zshCompletion(program) };
}

function writePackages(stage, architecture, work) {
  const filled = readFileSync(join(SOURCES, 'nfpm.yaml'), 'utf8')
    .replaceAll('${ARCH}', architecture)
    .replaceAll('${VERSION}', version)
    .replaceAll('${STAGE}', stage)
    .replaceAll('${SCRIPTS}', SOURCES);
  const config = join(work, `nfpm-${architecture}.yaml`);
  writeFileSync(config, filled);
  for (const packager of ['deb', 'rpm']) {
    const args = ['package', '--config', config, '--packager', packager, '--target', OUTPUT];
    if (!run('nfpm', args)) must('go', ['run', NFPM, ...args]);
  }
  const tarball = join(OUTPUT, `alertmanager-proxy-${version}-linux-${architecture}.tar.gz`);
  must('tar', ['-czf', tarball, '--owner=0', '--group=0', '-C', stage, '.']);
}

function must(command, args) {
  if (!run(command, args)) throw new Error(`${command} ${args[0]} failed; its messages are above`);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
