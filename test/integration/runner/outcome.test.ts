import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { startRunner, type RunnerUnderTest } from '../../support/node-runner.ts';
import { waitFor } from '../../support/wait-for.ts';

const OUTPUT_LIMIT = 64 * 1024;
// A process left behind can be told by it: nobody else on this machine sleeps for so many seconds.
const LONG = String(100_000 + process.pid);

// A sentence, the check, its output and its status.
const outcomes: [string, { command: string; timeout?: number }, string | RegExp, number][] = [
  ['merges stdout and stderr in order', { command: 'echo 1; echo 2 >&2; echo 3; exit 1' }, '1\n2\n3\n', 1],
  ['lets a script open its own stderr', { command: 'echo a >/dev/stdout; echo b >/dev/stderr' }, 'a\nb\n', 0],
  [
    'gives 127 for a missing command',
    { command: 'check_gone -H x' },
    /^sh: (1: )?check_gone: not found\n$/,
    127,
  ],
  ['gives the bare number of a signal', { command: 'kill -9 $$' }, '', 9],
  ['tells a signal from the status a shell would give it', { command: 'exit 137' }, '', 137],
  ['keeps any status', { command: 'exit 255' }, '', 255],
  ['waits for whoever holds the output', { command: 'sleep 0.2 & echo hi' }, 'hi\n', 0],
  ['keeps NUL and bytes that are no UTF-8', { command: "printf 'a\\000b\\377'" }, 'a\0b\uFFFD', 0],
  ['passes the environment on', { command: 'echo $GREETING' }, 'hello\n', 0],
  ['gives an empty stdin', { command: 'cat' }, '', 0],
  ['refuses a command with a NUL', { command: 'echo \0' }, /^Unexpected error: /, 3],
  ['ends a command that hangs', { command: `sleep ${LONG}`, timeout: 0.5 }, 'Execution timed out', 2],
  [
    'throws the output of a command that hangs away',
    { command: `echo x; sleep ${LONG}`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'ends what a command left running',
    { command: `sleep ${LONG} & echo hi`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'ends a command that forks and hangs',
    { command: `for i in 1 2 3; do sh -c 'sleep ${LONG}' & done; wait`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'kills a command that ignores TERM',
    { command: `trap '' TERM; sleep ${LONG}`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'kills a child that ignores TERM when its parent does not',
    { command: `(trap '' TERM; exec sleep ${LONG}) & wait`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'ends what made a process group of its own',
    { command: `timeout 600 sleep ${LONG} | cat`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'ends what made a session of its own, though its parent has gone',
    { command: `setsid sleep ${LONG} & echo hi`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'kills what made a session of its own, prints elsewhere and ignores TERM',
    {
      command: `setsid sh -c "trap '' TERM; sleep ${LONG}; sleep ${LONG}" >/dev/null 2>&1 & sleep ${LONG}`,
      timeout: 0.5,
    },
    'Execution timed out',
    2,
  ],
  ['ends a command that writes for ever', { command: 'yes', timeout: 0.5 }, 'Execution timed out', 2],
  [
    'goes on waiting for a command that closed its output',
    { command: 'echo hi; exec >&- 2>&-; sleep 0.3; exit 1' },
    'hi\n',
    1,
  ],
  [
    'ends a command that closed its output and hangs',
    { command: `exec >&- 2>&-; sleep ${LONG}`, timeout: 0.5 },
    'Execution timed out',
    2,
  ],
  [
    'keeps the start of 100 MB and says so',
    { command: 'yes | head -c 104857600' },
    `${'y\n'.repeat(OUTPUT_LIMIT / 2)}\n[output truncated: 104857600 bytes, the first ${OUTPUT_LIMIT} kept]\n`,
    0,
  ],
  [
    'cuts at a whole character',
    { command: `printf x; yes あ | tr -d '\\n' | head -c 90000` },
    /^xあ+\n\[output truncated: 90001 bytes, the first 65536 kept\]\n$/,
    0,
  ],
  ['takes 64 kB of NUL', { command: `head -c ${OUTPUT_LIMIT} /dev/zero` }, '\0'.repeat(OUTPUT_LIMIT), 0],
];

let node: RunnerUnderTest;
let filesBefore: string[];

beforeAll(async () => {
  filesBefore = openFiles();
  const checks = Object.fromEntries(
    outcomes.map(([, check], index) => [`check_${index}`, { ...check, interval: 3 }]),
  );
  node = await startRunner({ checks, outputLimit: OUTPUT_LIMIT, spawnLimit: 50, env: { GREETING: 'hello' } });
});

afterAll(async () => {
  await node.stop();
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // The directory's own descriptor.
    }
  });
}

function leftBehind(): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // Gone meanwhile.
      }
    })
    .filter((commandLine) => commandLine.includes(LONG));
}

/** Writes once what stands there a hundred times and more, so that a failure over 64 kB can be read. */
function condense(text: string): string {
  return text.replaceAll(
    /(.{1,2}?)\1{99,}/gs,
    (run: string, unit: string) => `${unit} × ${run.length / unit.length}`,
  );
}

describe('a check', () => {
  it.each(outcomes.map(([sentence, , output, status], index) => ({ sentence, output, status, index })))(
    '$sentence',
    async ({ output, status, index }) => {
      const result = await node.result(`check_${index}`);

      if (typeof output === 'string') expect(condense(result.output)).toBe(condense(output));
      else expect(result.output).toMatch(output);
      expect(result.status).toBe(status);
    },
  );

  it('that ignores TERM is killed 3 s after it', async () => {
    const index = outcomes.findIndex(([sentence]) => sentence === 'kills a command that ignores TERM');

    const { duration } = await node.result(`check_${index}`);

    expect(duration).toBeGreaterThanOrEqual(3.5);
    expect(duration).toBeLessThan(10);
  });

  it('leaves no process and no descriptor', async () => {
    await node.runner.stop();

    expect(leftBehind()).toEqual([]);
    await waitFor('descriptors to be closed', () => openFiles().length <= filesBefore.length);
  });
});

describe('a check whose every run times out', () => {
  it.each([
    ['a process group of its own', `timeout 600 sleep ${LONG} | cat`],
    ['a session of its own', `setsid sleep ${LONG} & echo hi`],
  ])('leaves nothing from run to run with %s', async (_, command) => {
    const other = await startRunner({ checks: { leaking: { command, timeout: 0.2 } } });
    await waitFor('three runs', async () => (await other.lines()).length >= 3);
    const processes = leftBehind().length;
    await other.stop();

    // Those of one run, if it is under way, and what it has just forked; three runs would leave more.
    expect(processes).toBeLessThanOrEqual(5);
    expect(leftBehind()).toEqual([]);
  });
});

describe('a check that starts a daemon and ends', () => {
  it('leaves the daemon alone', async () => {
    const command = `setsid sleep 86395 >/dev/null 2>&1 & echo $!`;
    const other = await startRunner({ checks: { starter: { command, interval: 3, timeout: 1 } } });
    const daemon = Number((await other.result('starter')).output);
    await other.stop();

    // Throws if there is no such process.
    expect(process.kill(daemon)).toBe(true);
  });
});

describe('a runner whose temporary files are tidied away', () => {
  it('makes new ones', async () => {
    const other = await startRunner({
      checks: { tidy: { command: 'pipe=$(readlink /proc/$$/fd/1); echo $pipe; rm -r "$(dirname "$pipe")"' } },
    });

    const outputs = await waitFor('two runs', async () => {
      const found = (await other.lines()).flatMap(({ payload }) => payload?.check.output ?? []);
      return found.length >= 2 && found;
    });
    await other.stop();

    expect(outputs.map((output) => /-runner-\w+\/output-\d+\n$/.test(output))).toEqual([true, true]);
    expect(outputs[0]).not.toBe(outputs[1]);
  });
});
