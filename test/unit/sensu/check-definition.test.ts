import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { loadConfiguration, type SensuConfiguration } from '../../../src/sensu/configuration.ts';
import { writeJson } from '../../../src/sensu/json.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

let directory: TempFolder;

beforeEach(() => {
  directory = createTempFolder();
});

afterEach(() => {
  directory.remove();
});

async function loadOne(check: string): Promise<SensuConfiguration> {
  directory.write('conf.d/checks.json', `{"checks":{"a_check":${check}}}`);
  return loadConfiguration({ directories: [join(directory.path, 'conf.d')], env: {} });
}

const COMMON = '"command":"true","interval":60,"standalone":true';

describe('a check definition', () => {
  it.each([
    ['a string', '"sleep 1"', 'check definition must be an object'],
    ['without a command', '{"interval":60,"standalone":true}', 'check command must be a string'],
    [
      'with a command of a wrong type',
      '{"command":["a"],"interval":60,"standalone":true}',
      'check command must be a string',
    ],
    [
      'with a float for an interval',
      '{"command":"a","interval":60.0,"standalone":true}',
      'check interval must be an integer greater than 0',
    ],
    [
      'with no interval',
      '{"command":"a","standalone":true}',
      'check interval must be an integer greater than 0',
    ],
    [
      'with interval 0',
      '{"command":"a","interval":0,"standalone":true}',
      'check interval must be an integer greater than 0',
    ],
    [
      'with an interval beyond all numbers',
      `{"command":"a","interval":1${'0'.repeat(400)},"standalone":true}`,
      'check interval must be an integer greater than 0',
    ],
    [
      'with a cron of 6 fields',
      '{"command":"a","cron":"0 * * * * *","standalone":true}',
      'check cron must be 5 fields that match some date, not "0 * * * * *"',
    ],
    [
      'with a cron that never comes',
      '{"command":"a","cron":"0 0 30 2 *","standalone":true}',
      'check cron must be 5 fields that match some date, not "0 0 30 2 *"',
    ],
    ['with a timeout of a wrong type', `{${COMMON},"timeout":"5"}`, 'check timeout must be a number'],
    [
      'that nobody runs',
      '{"command":"a","interval":60}',
      'check subscribers must be an array of strings, unless "standalone" is true',
    ],
    [
      'with a subscriber of a wrong type',
      '{"command":"a","interval":60,"subscribers":[1]}',
      'check subscribers must be an array of strings, unless "standalone" is true',
    ],
    ['with publish of a wrong type', `{${COMMON},"publish":"no"}`, 'check publish must be boolean'],
    [
      'with a source of special characters',
      `{${COMMON},"source":"a b"}`,
      'check source cannot contain spaces or special characters',
    ],
    ['with a ttl of a wrong type', `{${COMMON},"ttl":1.5}`, 'check ttl must be an integer greater than 0'],
    ['with hooks of a wrong type', `{${COMMON},"hooks":[]}`, 'check hooks must be an object'],
    [
      'with a hook for a status that cannot be',
      `{${COMMON},"hooks":{"256":{"command":"a"}}}`,
      'check hook "256" must be 0 to 255, ok, warning, critical, unknown or non-zero',
    ],
    [
      'with a hook that is another hook',
      `{${COMMON},"hooks":{"critical":"warning"}}`,
      'check hook "critical" must be an object',
    ],
    [
      'with a hook without a command',
      `{${COMMON},"hooks":{"1":{"hooks":{}}}}`,
      'check hook "1" command must be a string',
    ],
    [
      'that is an extension',
      '{"extension":"x","interval":60,"standalone":true}',
      'check extension is not supported: it runs inside Sensu; use a command; check command must be a string',
    ],
    [
      'for proxy requests',
      `{${COMMON},"proxy_requests":{}}`,
      'check proxy_requests is not supported: it needs a Sensu server; define a check with "source" for each',
    ],
  ])('is refused %s', async (_, check, reason) => {
    const { problems, brokenChecks } = await loadOne(check);

    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
    expect([...brokenChecks]).toEqual(['a_check']);
  });

  it.each([
    [
      'subdued on a day that is none',
      `{${COMMON},"subdue":{"days":{"someday":[]}}}`,
      'check subdue days must be valid days of the week or "all", not "someday"',
    ],
    [
      'subdued by times that are none',
      `{${COMMON},"subdue":{"days":{"all":[{"begin":"soon","end":"25:00"}]}}}`,
      'check subdue days all must be an array of windows with "begin" and "end", times such as "23:30" or "11:30 PM"',
    ],
    [
      'subdued as before Sensu 0.26',
      `{${COMMON},"subdue":{"at":"publisher","days":["monday"],"begin":"11AM PT","end":"11:59AM PT"}}`,
      'check subdue is written as before Sensu 0.26: write {"days": {"all": [{"begin": …, "end": …}]}}',
    ],
    [
      'subdued from a date',
      `{${COMMON},"subdue":{"days":{"all":[{"begin":"2026-11-20 23:00","end":"23:30"}]}}}`,
      'check subdue days all must be an array of windows with "begin" and "end", times such as "23:30" or "11:30 PM"',
    ],
  ])('counts without its subdue %s, and is reported', async (_, check, reason) => {
    const { problems, brokenChecks, checks } = await loadOne(check);

    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
    expect([...brokenChecks]).toEqual([]);
    expect(checks.get('a_check')).toMatchObject({ subdue: undefined, timing: { seconds: 60 } });
  });

  it.each([
    ['a timeout of 0', `{${COMMON},"timeout":0,"hooks":{"ok":{"command":"a","timeout":0}}}`],
    ['a negative timeout', `{${COMMON},"timeout":-1}`],
    ['a float for a timeout', `{${COMMON},"timeout":0.5}`],
    ['a cron instead of an interval', '{"command":"a","cron":"*/5 1-3 * * mon","standalone":true}'],
    ['no interval, when nothing publishes it', '{"command":"a","publish":false,"standalone":true}'],
    ['a token in its source', `{${COMMON},"source":"sw-:::site|x:::-01"}`],
    [
      'every key of its own kind',
      `{${COMMON},"occurrences":"many","playbook":[{"url":null}],"notification":1.0}`,
    ],
  ])('may have %s', async (_, check) => {
    const configuration = await loadOne(check);

    expect(configuration.problems).toEqual([]);
    expect(writeJson(configuration.checks.get('a_check')?.attributes ?? null)).toBe(check);
  });
});
