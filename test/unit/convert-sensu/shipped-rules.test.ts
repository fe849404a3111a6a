import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

interface RuleFile {
  groups: { rules: { record?: string; expr: string }[] }[];
}

it.each(['checks', 'checks-parity'])(
  'convert-sensu takes for failing what the rules of %s.yml do',
  async (name) => {
    await callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d', '--output.dir', folder.path]);

    expect(wordsOfRecords(`${folder.path}/sensu-rules.yml`)).toEqual(
      wordsOfRecords(`config/rules/${name}.yml`),
    );
  },
);

// Whatever the line breaks and indents.
function wordsOfRecords(file: string): (readonly [string, readonly string[]])[] | undefined {
  const { groups } = parse(readFileSync(file, 'utf8')) as RuleFile;
  return groups[0]?.rules.flatMap(({ record, expr }) =>
    record === undefined ? [] : [[record, expr.trim().split(/\s+/)] as const],
  );
}
