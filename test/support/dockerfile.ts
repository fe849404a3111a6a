import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Copy, DockerfileParser, Keyword, type Instruction } from 'dockerfile-ast';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a Dockerfile builds, as a folder. */
export interface BuiltImage {
  /** The root of its file system. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  /** Arguments of the entrypoint where none are given. */
  readonly cmd: readonly string[];
  readonly healthcheck: readonly string[];
}

interface Stage {
  readonly name: string;
  readonly root: string;
  workdir: string;
  user: string;
  readonly env: Record<string, string>;
  entrypoint: readonly string[];
  cmd: readonly string[];
  healthcheck: readonly string[];
}

/** The instructions of the Dockerfile, in order. */
export function dockerfile(): Instruction[] {
  return DockerfileParser.parse(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).getInstructions();
}

/** Carries the Dockerfile out below a folder, without Docker: the base images are this machine's Node.js. */
export function buildImage(folder: string): BuiltImage {
  const context = join(folder, 'context');
  copyContext(context);
  const stages: Stage[] = [];
  for (const instruction of dockerfile()) {
    if (instruction.getKeyword() === Keyword.FROM.toString())
      stages.push(newStage(instruction, folder, stages.length));
    else carryOut(instruction, stages, context);
  }
  const last = stages.at(-1);
  if (last === undefined) throw new Error('the Dockerfile has no stage');
  return last;
}

/** The files that git knows, or would take, as far as .dockerignore lets them through. */
function copyContext(context: string): void {
  const [everything, ...exceptions] = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (everything !== '*')
    throw new Error('.dockerignore is read here as one that ignores all but exceptions');
  const wanted = exceptions.map((line) => line.replace('!', ''));
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...wanted];
  for (const file of execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')) {
    cpSync(join(ROOT, file), join(context, file), { recursive: true });
  }
}

function newStage(from: Instruction, folder: string, index: number): Stage {
  const [, , name = String(index)] = argumentsOf(from);
  const root = join(folder, `stage-${name}`);
  mkdirSync(root);
  return { name, root, workdir: '/', user: 'root', env: {}, entrypoint: [], cmd: [], healthcheck: [] };
}

function carryOut(instruction: Instruction, stages: readonly Stage[], context: string): void {
  const stage = stages.at(-1);
  if (stage === undefined) throw new Error('an instruction before FROM');
  if (instruction instanceof Copy) {
    copy(instruction, stage, stages, context);
    return;
  }
  const text = instruction.getRawArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      stage.workdir = text;
      mkdirSync(join(stage.root, text), { recursive: true });
      return;
    case 'RUN':
      run(text, stage);
      return;
    case 'ENV':
      stage.env[text.slice(0, text.indexOf('='))] = text.slice(text.indexOf('=') + 1);
      return;
    case 'USER':
      stage.user = text;
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = JSON.parse(text) as string[];
      return;
    case 'CMD':
      stage.cmd = JSON.parse(text) as string[];
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = JSON.parse(text.slice(text.indexOf('['))) as string[];
      return;
    case 'ARG':
    case 'EXPOSE':
    case 'LABEL':
      return;
    default:
      throw new Error(`nobody taught this test ${instruction.getKeyword()}`);
  }
}

function copy(instruction: Copy, stage: Stage, stages: readonly Stage[], context: string): void {
  const from = instruction.getFromFlag()?.getValue();
  const source = stages.find(({ name }) => name === from)?.root ?? context;
  const files = argumentsOf(instruction);
  const target = files.pop() ?? '';
  const place = join(stage.root, target.startsWith('/') ? '' : stage.workdir, target);
  for (const file of files) {
    // As Docker does: a folder's content is copied, and a file keeps its name below a target that ends in a slash.
    const to = target.endsWith('/') ? join(place, basename(file)) : place;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(source, file), to, { recursive: true, verbatimSymlinks: true });
  }
}

function run(command: string, stage: Stage): void {
  const env = { ...process.env, NODE_OPTIONS: '', ...stage.env };
  execFileSync('sh', ['-c', command], { cwd: join(stage.root, stage.workdir), env, stdio: 'pipe' });
}

function argumentsOf(instruction: Instruction): string[] {
  return (instruction.getRawArgumentsContent() ?? '').split(/\s+/);
}
