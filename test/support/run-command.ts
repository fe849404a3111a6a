import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait-for.ts';

export interface RunningCommand {
  /** All it has printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
  /** Waits until what it printed, on either stream, matches. */
  printed(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Nobody reads what it prints from now on. */
  closeOutput(): void;
  /** Waits for its end and returns the exit code; null after an unhandled signal. */
  ended(): Promise<number | null>;
  /** SIGTERM, then the end. Safe to call twice. */
  readonly stop: () => Promise<number | null>;
}

interface CommandSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly main?: string;
  /** The Node.js that runs it; default the one that runs the test. */
  readonly node?: string;
  /** What is to be printed into a file, and is not to be had here. */
  readonly files?: Partial<Record<(typeof OUTPUTS)[number], string>>;
}

const OUTPUTS = ['stdout', 'stderr'] as const;

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Runs the built program, or another `main`, e.g. `runCommand(['serve', '--config.file', file])`; `npm run build` comes before. */
export function runCommand(
  args: readonly string[],
  { env = {}, main = MAIN, node = process.execPath, files = {} }: CommandSurroundings = {},
): RunningCommand {
  const child = spawn(node, [main, ...args], {
    // What jest needs of Node is not the program's business.
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', ...OUTPUTS.map((name) => pipeOrFile(files[name]))],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of OUTPUTS) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const exit = once(child, 'close') as Promise<[number | null]>;
  const ended = async (): Promise<number | null> => (await exit)[0];
  return {
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    pid: child.pid ?? 0,
    printed: (pattern, deadlineMs = 20_000) =>
      waitFor(`${pattern.source} from ${args.join(' ')}`, () => find(pattern, child.exitCode, output), {
        deadlineMs,
      }),
    kill: (signal) => child.kill(signal),
    closeOutput: () => {
      for (const name of OUTPUTS) child[name]?.destroy();
    },
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended();
    },
  };
}

function pipeOrFile(file: string | undefined): 'pipe' | number {
  return file === undefined ? 'pipe' : openSync(file, 'w');
}

function find(
  pattern: RegExp,
  exitCode: number | null,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): RegExpExecArray | undefined {
  const match = pattern.exec(stdout) ?? pattern.exec(stderr);
  if (match !== null) return match;
  const state = exitCode === null ? 'still running' : `exit code ${exitCode}`;
  throw new Error(`${state}; stdout: ${stdout}; stderr: ${stderr}`);
}
