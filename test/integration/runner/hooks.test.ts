import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hookFor } from '../../../src/runner/run-check.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { startRunner, type LoggedCheck, type RunnerUnderTest } from '../../support/node-runner.ts';
import { waitFor } from '../../support/wait-for.ts';

const hook = new Map();

describe('the hook for a status', () => {
  it.each([
    ['the number before the severity', ['critical', '2', 'non-zero'], 2, '2'],
    ['the severity before non-zero', ['non-zero', 'critical'], 2, 'critical'],
    ['non-zero for any failure', ['non-zero', 'ok'], 1, 'non-zero'],
    ['unknown for 3', ['unknown'], 3, 'unknown'],
    ['unknown for 127', ['unknown'], 127, 'unknown'],
    ['ok for 0', ['ok', 'non-zero'], 0, 'ok'],
    ['none for 0 when there is only non-zero', ['non-zero'], 0, undefined],
    ['none for another severity', ['warning'], 2, undefined],
  ])('is %s', (_, keys, status, expected) => {
    expect(hookFor(new Map(keys.map((key) => [key, hook])), status)).toBe(expected);
  });
});

interface HookResult {
  readonly command: string;
  readonly output: string;
  readonly status: number;
}

function hooksOf(check: LoggedCheck): Record<string, HookResult> {
  return check['hooks'] as Record<string, HookResult>;
}

describe('a check with hooks', () => {
  const folder = createTempFolder();
  let node: RunnerUnderTest;

  beforeAll(async () => {
    node = await startRunner({
      client: { greeting: 'hello', password: 'in the clear' },
      checks: {
        plain: {
          command: 'exit 2',
          hooks: { critical: { command: 'echo :::greeting:::; exit 1' } },
          custom: 1,
        },
        reads: { command: 'echo out; exit 1', hooks: { '1': { command: 'cat', stdin: true } } },
        slow: { command: 'exit 1', hooks: { warning: { command: 'sleep 60', timeout: 0.2 } } },
        // A hook that fails, and names hooks of its own that name it: no hook runs another.
        circular: {
          command: 'exit 1',
          hooks: { warning: { command: 'echo hook; exit 1', hooks: { warning: { command: 'echo never' } } } },
        },
        unmatched: { command: 'echo ran', hooks: { ok: { command: 'echo :::nothing:::' } } },
        fine: { command: 'echo fine', hooks: { 'non-zero': { command: 'echo never' } } },
        once: {
          command: 'test -e $FLAG && exit 0; touch $FLAG; exit 1',
          hooks: { warning: { command: 'echo failed' } },
        },
        stdin: { command: 'cat; cat /dev/stdin', stdin: true },
      },
      env: { FLAG: `${folder.path}/flag` },
    });
  });

  afterAll(async () => {
    await node.stop();
    folder.remove();
  });

  it('logs the result of the hook in the hook, its tokens replaced, after the keys of its definition', async () => {
    const check = await node.result('plain');

    expect(hooksOf(check)['critical']).toMatchObject({
      command: 'echo hello; exit 1',
      output: 'hello\n',
      status: 1,
    });
    expect(Object.keys(hooksOf(check)['critical'] ?? {})).toEqual([
      'command',
      'executed',
      'duration',
      'output',
      'status',
    ]);
    expect(Object.keys(check).slice(-6)).toEqual([
      'name',
      'issued',
      'executed',
      'duration',
      'output',
      'status',
    ]);
    expect(check.status).toBe(2);
  });

  it('gives the hook the client and the result of the check, if it wants them', async () => {
    const input = JSON.parse(hooksOf(await node.result('reads'))['1']?.output ?? '') as Record<
      string,
      object
    >;

    expect(input['client']).toMatchObject({ name: 'test-node', subscriptions: ['client:test-node'] });
    expect(input['check']).toMatchObject({ name: 'reads', output: 'out\n', status: 1 });
  });

  it('ends a hook at its timeout', async () => {
    expect(hooksOf(await node.result('slow'))['warning']).toMatchObject({
      output: 'Execution timed out',
      status: 2,
    });
  });

  it('runs one hook only, also where hooks name each other', async () => {
    const check = await node.result('circular');

    expect(hooksOf(check)['warning']).toMatchObject({
      hooks: { warning: { command: 'echo never' } },
      output: 'hook\n',
      status: 1,
    });
  });

  it('does not run at all while a token of a hook has no value', async () => {
    expect(await node.result('unmatched')).toMatchObject({
      output: 'Unmatched client token(s): nothing',
      status: 3,
      handle: false,
    });
  });

  it('leaves a hook alone that its status does not ask for', async () => {
    expect(hooksOf(await node.result('fine'))).toEqual({ 'non-zero': { command: 'echo never' } });
  });

  it('keeps the last result of a hook in later results, as sensu-client does', async () => {
    const later = await waitFor('a run of "once" that is fine', async () => {
      const results = (await node.lines()).flatMap(({ payload }) => payload?.check ?? []);
      return results.find(({ name, status }) => name === 'once' && status === 0);
    });

    expect(hooksOf(later)['warning']).toMatchObject({ output: 'failed\n' });
  });

  it('gives the check itself its stdin, which it may open by name too', async () => {
    const { output } = await node.result('stdin');

    expect(output.startsWith('{"client":{"name":"test-node","address":')).toBe(true);
    expect(output).toContain(
      '"check":{"standalone":true,"interval":1,"command":"cat; cat /dev/stdin","stdin":true,',
    );
  });
});
