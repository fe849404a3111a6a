import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { CommandIo } from '../../../src/cli/command-io.ts';
import { onSignalOnceStarted } from '../../../src/cli/signal-listener.ts';

interface Signals extends CommandIo {
  readonly send: () => void;
}

function createSignals(): Signals {
  const listeners = new Set<() => void>();
  return {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    nodeVersion: '99.0.0',
    stop: new AbortController().signal,
    halt: new AbortController().signal,
    onSignal: (_, listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    saveMemory: () => undefined,
    setExitCode: () => undefined,
    send: () => {
      for (const listener of listeners) listener();
    },
  };
}

describe('a signal to what is starting', () => {
  it('takes effect when it has started, and at once from then on', async () => {
    const io = createSignals();
    const heard: string[] = [];
    let finish: (part: string) => void = () => undefined;
    const started = new Promise<string>((resolve) => (finish = resolve));
    const forget = onSignalOnceStarted(io, 'SIGHUP', { started, listener: (part) => heard.push(part) });

    io.send();
    await turn();
    expect(heard).toEqual([]);
    finish('part');
    await turn();
    expect(heard).toEqual(['part']);
    io.send();
    await turn();
    expect(heard).toEqual(['part', 'part']);
    forget();
    io.send();
    await turn();
    expect(heard).toHaveLength(2);
  });

  it('is nothing to what could not start', async () => {
    const io = createSignals();
    const heard: unknown[] = [];
    const started = Promise.reject(new Error('no'));
    onSignalOnceStarted(io, 'SIGHUP', { started, listener: (part) => heard.push(part) });

    io.send();
    await expect(started).rejects.toThrow('no');
    await turn();

    expect(heard).toEqual([]);
  });
});
