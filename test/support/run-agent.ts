import { Writable } from 'node:stream';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { createProgram } from '../../src/cli/program.ts';
import { waitFor } from './wait-for.ts';

/** The command within the test's own process. */
export interface RunningAgentCommand {
  /** Waits until it has read its log; returns its URL. */
  readonly ready: () => Promise<string>;
  readonly printed: () => string;
  readonly exitCode: () => number;
  readonly hangUp: () => void;
  readonly stop: () => Promise<void>;
}

/** Runs `alertmanager-proxy agent` with such flags, on a free port. */
export function runAgent(...flags: string[]): RunningAgentCommand {
  let printed = '';
  let exitCode = 0;
  const hangUps = new Set<() => void>();
  const stop = new AbortController();
  const stream = new Writable({
    write(chunk, _, done) {
      printed += String(chunk);
      done();
    },
  });
  const io: CommandIo = {
    stdout: stream,
    stderr: stream,
    env: { PATH: '/usr/bin:/bin' },
    nodeVersion: '99.0.0',
    stop: stop.signal,
    halt: new AbortController().signal,
    onSignal: (signal, listener) => {
      if (signal === 'SIGHUP') hangUps.add(listener);
      return () => hangUps.delete(listener);
    },
    saveMemory: () => undefined,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const ended = createProgram(io)
    .parseAsync(['node', 'alertmanager-proxy', 'agent', '--web.listen-address', '127.0.0.1:0', ...flags])
    .catch((error: unknown) => {
      printed += String(error);
    });
  return {
    ready: async () => {
      await waitFor('the agent', () => printed.includes('msg=ready'), { show: () => printed });
      return /url=(\S+)/.exec(printed)?.[1] ?? '';
    },
    printed: () => printed,
    exitCode: () => exitCode,
    hangUp: () => {
      for (const listener of hangUps) listener();
    },
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}
