import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRunner, type RunnerUnderTest } from '../../support/node-runner.ts';
import { waitFor } from '../../support/wait-for.ts';

interface RunOfDefinition {
  readonly sentence: string;
  readonly name: string;
  /** Its JSON as it stands in the file, between the braces. */
  readonly definition: string;
  /** The same in the log, where that is not the same. */
  readonly logged?: string;
  /** What the run adds, times as 0; one character a byte where it is `latin1`. */
  readonly added: string;
  readonly encoding?: 'latin1';
}

const TIMING = '"standalone":true,"interval":1';
const CLIENT = `"name":"test-node","address":"10.0.0.1","subscriptions":["web"],"socket":{"enabled":false},"http_socket":{"enabled":false},"signature":"s3cret","site":"tokyo"`;

const READER = String.raw`"command":"sed -E 's/(issued|executed)\":[0-9]+/\\1\":0/g'",${TIMING},"stdin":true`;

// What sensu-client writes for these, by its source and by what it wrote when it was run (its process.rb, spawn.rb, and Oj's dump.c).
const runs: readonly RunOfDefinition[] = [
  {
    sentence: 'every key of the definition, in its order, numbers and characters as they were',
    name: 'plain',
    definition: String.raw`"ratio":1.0,"command":"printf 'one\\ntwo\\t\"q\" / <&>'; exit 1",${TIMING},"handlers":["mailer"],"2":{"b":null,"a":[0.5]},"note":"ü"`,
    added: ran(String.raw`one\ntwo\t\"q\" / <&>`, 1),
  },
  {
    sentence: 'the result of the hook that ran within it, not of the others',
    name: 'hooked',
    definition: String.raw`"command":"echo down; exit 2",${TIMING},"hooks":{"critical":{"command":"echo :::site:::; exit 3","timeout":5},"0":{"command":"true"}}`,
    logged: String.raw`"command":"echo down; exit 2",${TIMING},"hooks":{"critical":{"command":"echo tokyo; exit 3","timeout":5,"executed":0,"duration":0.0,"output":"tokyo\n","status":3},"0":{"command":"true"}}`,
    added: ran(String.raw`down\n`, 2),
  },
  {
    sentence: 'the command with its tokens, and what they stand for in all else, the source too',
    name: 'elsewhere',
    definition: String.raw`"command":"echo :::site:::",${TIMING},"source":"sw-:::site:::-01","note":":::rack|none:::"`,
    logged: String.raw`"command":"echo :::site:::",${TIMING},"source":"sw-tokyo-01","note":"none"`,
    added: ran(String.raw`tokyo\n`, 0),
  },
  {
    sentence: 'no source where its token came out empty',
    name: 'here',
    definition: String.raw`"source":":::rack|:::","command":"true",${TIMING}`,
    logged: String.raw`"command":"true",${TIMING}`,
    added: ran('', 0),
  },
  {
    sentence: 'no duration where a token has no value and nothing ran',
    name: 'unmatched',
    definition: String.raw`"command":"echo :::gone:::",${TIMING}`,
    added: `"issued":0,"executed":0,"output":"Unmatched client token(s): gone","status":3,"handle":false`,
  },
  {
    sentence: 'what the script read from stdin: the client, and the check before the run',
    name: 'reads',
    definition: READER,
    added: ran(
      quoted(
        `{"client":{${CLIENT.replace('["web"]', '["web","client:test-node"]')}},"check":{${READER},"name":"reads","issued":0,"executed":0}}`,
      ),
      0,
    ),
  },
  {
    sentence: 'characters of several bytes raw',
    name: 'japanese',
    definition: String.raw`"command":"printf 'ディスク障害 é 💾'",${TIMING}`,
    added: ran('ディスク障害 é 💾', 0),
  },
  {
    sentence: 'bytes that are no UTF-8 as they were printed, and control characters escaped in lower case',
    name: 'invalid',
    definition: String.raw`"command":"printf '\\245\\307\\377 \\000\\033[31m\\177\\r\\n'",${TIMING}`,
    added: ran(`\xa5\xc7\xff ${String.raw`\u0000\u001b[31m`}\x7f${String.raw`\r\n`}`, 0),
    encoding: 'latin1',
  },
  {
    sentence: 'the bare number of a signal',
    name: 'killed',
    definition: String.raw`"command":"kill -SEGV $$",${TIMING}`,
    added: ran('', 11),
  },
  {
    sentence: 'nothing of what was printed before a timeout',
    name: 'slow',
    definition: String.raw`"command":"echo x; sleep 30",${TIMING},"timeout":0.2`,
    added: ran('Execution timed out', 2),
  },
];

function ran(output: string, status: number): string {
  return `"issued":0,"executed":0,"duration":0.0,"output":"${output}","status":${status}`;
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

let node: RunnerUnderTest;

beforeAll(async () => {
  node = await startRunner();
  node.directory.write('conf.d/checks.json', `{"client":{${CLIENT}}}`);
  for (const { name, definition } of runs)
    node.directory.write(`conf.d/${name}.json`, `{"checks":{"${name}":{${definition}}}}`);
  await node.reload();
});

afterAll(() => node.stop());

function lineOf(name: string): Promise<string> {
  return waitFor(`a line of ${name}`, () =>
    readFileSync(node.logFile, 'latin1')
      .split('\n')
      .slice(0, -1)
      .find((line) => line.includes('"payload"') && line.includes(`"name":"${name}",`)),
  );
}

function withoutTimes(line: string): string {
  return line
    .replace(/(?<=^\{"timestamp":")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d{4}(?=")/, 'TIME')
    .replace(/(?<="(issued|executed)":)\d{10}(?=[,}])/g, '0')
    .replace(/(?<="duration":)\d+\.\d{1,3}(?=,)/g, '0.0');
}

describe('the line of a process that the runner ran', () => {
  it.each(runs)('has $sentence', async ({ name, definition, logged = definition, added, encoding }) => {
    const expected = Buffer.concat([
      Buffer.from(
        `{"timestamp":"TIME","level":"info","message":"publishing check result","payload":{"client":"test-node","check":{${logged},"name":"${name}",`,
      ),
      Buffer.from(added, encoding ?? 'utf8'),
      Buffer.from('},"signature":"s3cret"}}'),
    ]);

    expect(withoutTimes(await lineOf(name))).toBe(expected.toString('latin1'));
  });
});
