import { PassThrough } from 'node:stream';
import { CommanderError } from 'commander';
import { createProgram } from '../../src/cli/program.ts';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

interface CallOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stop?: AbortSignal;
}

/** Runs a command to its end inside this process, as main.ts would. */
export async function callCommand(
  args: readonly string[],
  options: CallOptions = {},
): Promise<CommandResult> {
  const { env = {}, stop = new AbortController().signal } = options;
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  let exitCode = 0;
  const program = createProgram({
    stdout,
    stderr,
    env,
    nodeVersion: '99.0.0',
    stop,
    halt: new AbortController().signal,
    onSignal: () => () => undefined,
    saveMemory: () => undefined,
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = error.exitCode;
  }
  return { stdout: textOf(stdout), stderr: textOf(stderr), exitCode };
}

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? '');
}
