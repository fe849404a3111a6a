import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NO_DEFINITIONS } from '../../../src/checks/definitions.ts';
import type { UsableConfiguration } from '../../../src/agent/loaded-configuration.ts';
import { resultLine } from '../../support/result-line.ts';
import { createRunningAgent, type RunningAgent } from '../../support/running-agent.ts';
import { wholeConfiguration } from '../../support/whole-configuration.ts';

const DEFINITION = { command: 'check-disk', interval: 60 };
const DAY = 24 * 3600;

let agent: RunningAgent;

afterEach(() => agent.stop());

// As a program pushes it: `issued` is added behind.
function pushedLine(name: string, check: object = {}): string {
  const line = resultLine({ name, command: undefined, duration: undefined, issued: undefined, ...check });
  return line.replace(/\}\}\}$|\}\}$/, (end) => `,"issued":1000${end}`);
}

// As the runner in the process hands them over.
function takeRuns(...lines: string[]): void {
  for (const line of lines) agent.agent.result(Buffer.from(line), 'run');
}

function takePushes(...lines: string[]): void {
  for (const line of lines) agent.agent.result(Buffer.from(line), 'push');
}

function define(...names: string[]): UsableConfiguration {
  const checks = new Map(names.map((name) => [name, DEFINITION]));
  return wholeConfiguration({ ...NO_DEFINITIONS, checks });
}

async function known(): Promise<unknown[]> {
  const { checks } = await agent.json('/checks');
  return (checks as { name: string }[]).map(({ name }) => name);
}

describe('a check that is no longer defined, with the runner in the process', () => {
  it('is forgotten when a configuration was read whole, not when a part of it could not be read', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.agent.configure(define('kept', 'removed'));
    agent.write(
      resultLine({ name: 'kept' }),
      resultLine({ name: 'removed', status: 2 }),
      pushedLine('pushed'),
    );
    await agent.agent.start();

    agent.agent.configure({ ...define('kept'), kind: 'partial' });
    const afterFailure = await known();
    agent.agent.configure(define('kept'));

    expect(afterFailure).toEqual(['kept', 'pushed', 'removed']);
    expect(await known()).toEqual(['kept', 'pushed']);
  });

  it('does not come back by a run that was under way', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.agent.configure(define('kept', 'removed'));
    agent.write(resultLine({ name: 'removed', status: 2 }));
    await agent.agent.start();
    agent.agent.configure(define('kept'));
    const afterReload = await known();
    takeRuns(resultLine({ name: 'removed', status: 2 }));
    takePushes(pushedLine('pushed'));

    expect(afterReload).toEqual(['kept']);
    expect(await known()).toEqual(['kept', 'pushed']);
  });

  it('stays gone, and the others known, when a configuration cannot be used', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.agent.configure(define('kept', 'removed'));
    agent.write(resultLine({ name: 'kept' }));
    await agent.agent.start();
    agent.agent.configure(define('kept'));
    agent.agent.configure({ kind: 'unusable', counts: { usable: 0, broken: 1 } });
    takeRuns(resultLine({ name: 'removed', status: 2 }));
    takePushes(pushedLine('pushed'));

    expect(await known()).toEqual(['kept', 'pushed']);
  });

  it('does not come back when the agent is restarted, unless it may be the problem of another client', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.agent.configure(define('kept'));
    agent.write(
      resultLine({ name: 'was_ok', status: 2 }),
      resultLine({ name: 'was_ok', status: 0 }),
      resultLine({ name: 'was_critical', status: 2 }),
      resultLine({ name: 'heartbeat', status: 0, ttl: 90 }),
    );
    await agent.agent.start();

    expect(await known()).toEqual(['heartbeat', 'kept', 'was_critical']);
  });

  it('is known again when a program relays the result of another client, which looks like that of a run', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.agent.configure(define('kept', 'removed'));
    await agent.agent.start();
    agent.agent.configure(define('kept'));
    takePushes(
      resultLine({ name: 'never_defined', status: 2 }),
      resultLine({ name: 'removed', status: 2, issued: 1000 }),
      pushedLine('last'),
    );

    expect(await known()).toEqual(['kept', 'last', 'never_defined', 'removed']);
  });

  it('is not forgotten while its last result is one that a program relayed', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.agent.configure(define('relayed', 'run_since'));
    await agent.agent.start();
    takePushes(
      resultLine({ name: 'relayed', status: 2, issued: 1000 }),
      resultLine({ name: 'run_since', status: 2, issued: 1000 }),
    );
    takeRuns(resultLine({ name: 'run_since', status: 2, issued: 1060, executed: 1060 }));
    agent.agent.configure(define());

    expect(await known()).toEqual(['relayed']);
  });

  it('is known again when it is defined again, or when a program pushes its result', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.agent.configure(define('kept'));
    await agent.agent.start();
    agent.agent.configure(define('kept', 'again'));
    takeRuns(resultLine({ name: 'again' }));
    takePushes(pushedLine('moved'));

    expect(await known()).toEqual(['again', 'kept', 'moved']);
  });
});

describe('the log of a runner in the process', () => {
  it('is read at the start only, and what the runner hands over counts whatever the clock did', async () => {
    agent = await createRunningAgent({ isRunners: true });
    agent.write(resultLine({ name: 'disk', status: 2, executed: 1000 }));
    await agent.agent.start();
    agent.write(resultLine({ name: 'late', status: 0 }));
    takeRuns(resultLine({ name: 'disk', status: 1, executed: 900 }));
    // Twice as long as an agent takes to look at a log that it follows.
    await sleep(1_000);

    expect(await known()).toEqual(['disk']);
    expect(await agent.json('/checks/disk')).toMatchObject({ check: { status: 1, history: [2, 1] } });
  });
});

describe('a check that is in no definition, without the runner', () => {
  it('is kept, whatever the configuration says', async () => {
    agent = await createRunningAgent();
    agent.agent.configure(define('kept', 'removed'));
    agent.write(resultLine({ name: 'removed', status: 2 }));
    await agent.agent.start();
    agent.agent.configure(define('kept'));

    expect(await known()).toEqual(['kept', 'removed']);
  });

  it('is forgotten after the silence that is set, or its ttl if that is longer', async () => {
    const now = 30 * DAY;
    agent = await createRunningAgent({ forgetAfter: 7 * DAY * 1000, now });
    agent.agent.configure(define('defined'));
    agent.write(
      resultLine({ name: 'defined', executed: now - 8 * DAY }),
      resultLine({ name: 'old', executed: now - 8 * DAY, status: 2 }),
      resultLine({ name: 'recent', executed: now - 6 * DAY }),
      pushedLine('monthly', { executed: now - 8 * DAY, ttl: 31 * DAY }),
    );
    await agent.agent.start();

    expect(await known()).toEqual(['defined', 'monthly', 'recent']);
  });
});
