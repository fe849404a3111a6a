import { describe, expect, it } from '@jest/globals';
import { LONGEST_LINE_BYTES } from '../../../src/checks/log-line/limits.ts';
import { ResultLog } from '../../../src/runner/result-log.ts';
import type { ClientDefinition } from '../../../src/sensu/client-definition.ts';
import { decodeText } from '../../../src/sensu/bytes-as-text.ts';
import { isObject, parseJson, type JsonObject } from '../../../src/sensu/json.ts';
import { createFollowedLog } from '../../support/followed-log.ts';
import { startRunner, type LoggedCheck } from '../../support/node-runner.ts';
import { waitFor } from '../../support/wait-for.ts';

const CLIENT: ClientDefinition = {
  name: 'web-001',
  subscriptions: [],
  signature: undefined,
  socket: undefined,
  httpSocket: undefined,
  attributes: new Map(),
};

const MIB = 1024 ** 2;
const MARK = /\n\[output truncated: (\d+) bytes, the first (\d+) kept\]\n$/;

interface Lines {
  readonly log: ResultLog;
  readonly written: Buffer[];
}

function createLines(): Lines {
  const written: Buffer[] = [];
  const log = new ResultLog({
    sink: {
      write: (line) => {
        written.push(line);
        return true;
      },
      reopen: () => undefined,
      close: () => undefined,
    },
  });
  return { log, written };
}

function published(check: JsonObject): { line: Buffer; check: LoggedCheck } {
  const { log, written } = createLines();
  log.publish(CLIENT, check, 'run');
  const line = written[0] ?? Buffer.alloc(0);
  return {
    line,
    check: (JSON.parse(line.toString('utf8')) as { payload: { check: LoggedCheck } }).payload.check,
  };
}

function hooked(output: string, ...hookOutputs: string[]): JsonObject {
  const hooks = hookOutputs.map(
    (hookOutput, index) => [String(index), new Map([['output', hookOutput]])] as const,
  );
  return new Map([...checkOf(output), ['hooks', new Map(hooks)]]);
}

function checkOf(output: string): JsonObject {
  return new Map([
    ['name', 'check_it'],
    ['output', output],
  ]);
}

function hookOutputs(check: LoggedCheck): string[] {
  return Object.values(check['hooks'] as Record<string, { output: string }>).map(({ output }) => output);
}

describe('a line that is too long for the agent', () => {
  it.each([
    ['control characters', '\0', 1],
    ['quotes', '"', 1],
    ['characters of three bytes', '障', 3],
    ['characters of four bytes', '💾', 4],
  ])('has less of an output of %s, and says how much', (_, character, bytes) => {
    const count = (5 * MIB) / bytes;

    const { line, check } = published(checkOf(character.repeat(Math.floor(count))));

    const [mark = '', total, kept] = MARK.exec(check.output) ?? [];
    const start = check.output.slice(0, -mark.length);
    expect(start === character.repeat(Number(kept) / bytes)).toBe(true);
    expect(Number(total)).toBe(Math.floor(count) * bytes);
    // As much as there is room for, to some kilobytes.
    expect(line.length).toBeLessThanOrEqual(LONGEST_LINE_BYTES + 1);
    expect(line.length).toBeGreaterThan(LONGEST_LINE_BYTES - 8192);
  });

  it('keeps bytes that are no UTF-8', () => {
    const output = decodeText(Buffer.alloc(5 * MIB, '\xa5\xc7', 'latin1'));
    const { log, written } = createLines();

    log.publish(CLIENT, checkOf(output), 'run');

    const line = written[0] ?? Buffer.alloc(0);
    expect(line.length).toBeLessThanOrEqual(LONGEST_LINE_BYTES + 1);
    expect(line.includes(Buffer.alloc(4 * MIB - 8192, '\xa5\xc7', 'latin1'))).toBe(true);
  });

  it('says how much there was of an output that was cut before', () => {
    const cut = `${'\0'.repeat(MIB)}\n[output truncated: 104857600 bytes, the first ${MIB} kept]\n`;

    const { check } = published(checkOf(cut));

    expect(MARK.exec(check.output)?.[1]).toBe('104857600');
    expect(check.output.match(/truncated/g)).toHaveLength(1);
  });

  it('takes from the output what the hooks leave no room for', () => {
    const { line, check } = published(hooked('\0'.repeat(MIB / 2), 'x'.repeat(3 * MIB)));

    expect(line.length).toBeLessThanOrEqual(LONGEST_LINE_BYTES + 1);
    expect(MARK.exec(check.output)?.[1]).toBe(String(MIB / 2));
    expect(hookOutputs(check)[0]).toHaveLength(3 * MIB);
  });

  it('takes from the hooks, one after the other, what the output does not give', () => {
    const { line, check } = published(
      hooked('CRITICAL: it is down\n', ...['a', 'b', 'c'].map((x) => x.repeat(3 * MIB))),
    );

    const [first = '', second = '', third = ''] = hookOutputs(check);
    expect(line.length).toBeLessThanOrEqual(LONGEST_LINE_BYTES + 1);
    expect(check.output).toBe('CRITICAL: it is down\n');
    expect([first, second].map((output) => MARK.exec(output)?.[1])).toEqual([
      String(3 * MIB),
      String(3 * MIB),
    ]);
    expect(second.length).toBeGreaterThan(first.length);
    expect(third).toBe('c'.repeat(3 * MIB));
  });

  it('keeps the start of the output, though the hooks alone would fill it', () => {
    const { line, check } = published(hooked('x'.repeat(MIB), 'y'.repeat(9 * MIB)));

    expect(line.length).toBeLessThanOrEqual(LONGEST_LINE_BYTES + 1);
    expect(check.output.slice(0, 60_000)).toBe('x'.repeat(60_000));
  });

  it('is shortened too where a run is left out, which has the hooks of the last one', () => {
    const { log, written } = createLines();

    log.subdued(hooked('', '\0'.repeat(MIB)));
    log.inProgress(hooked('', '\0'.repeat(MIB)));

    for (const line of written) {
      expect(line.length).toBeLessThanOrEqual(LONGEST_LINE_BYTES + 1);
      const parsed = parseJson(line.toString('utf8'));
      expect(parsed.ok && isObject(parsed.value) && parsed.value.has('check')).toBe(true);
    }
    expect(written).toHaveLength(2);
  });
});

describe('a line that the agent just takes', () => {
  it('is as it is, and one byte more is not', () => {
    const room = LONGEST_LINE_BYTES + 1 - published(checkOf('')).line.length;

    expect(published(checkOf('x'.repeat(room))).check.output).toBe('x'.repeat(room));
    expect(published(checkOf('x'.repeat(room + 1))).check.output).toMatch(MARK);
  });
});

describe('a follower of the log', () => {
  it('hears of a check that prints as many control characters as are kept, and its hook too, and of such a push', async () => {
    const zeros = 'head -c 600000 /dev/zero';
    const log = createFollowedLog();
    const node = await startRunner({
      logFile: log.path,
      client: { http_socket: { port: 0 } },
      checks: { loud: { command: `${zeros}; exit 2`, hooks: { critical: { command: zeros } }, interval: 3 } },
    });
    await log.start();

    const answer = await fetch(`http://127.0.0.1:${node.runner.ports.http ?? 0}/results`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"name":"pushed","status":2,"output":"${'\x01'.repeat(MIB)}"}`,
    });
    const heardOf = (check: string): Promise<string> =>
      waitFor(check, () => log.lines.find((line) => line.includes(`"name":"${check}"`)));
    const lines = await Promise.all(['loud', 'pushed'].map(heardOf));
    await node.stop();
    await log.dispose();

    expect(answer.status).toBe(202);
    expect(lines.map((line) => line.includes('"status":2'))).toEqual([true, true]);
    expect(log.tooLong()).toBe(0);
  });
});
