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

    expect(wordsOfRecord(`${folder.path}/sensu-rules.yml`)).toEqual(
      wordsOfRecord(`config/rules/${name}.yml`),
    );
  },
);

// Whatever the line breaks and indents.
function wordsOfRecord(file: string): string[] | undefined {
  const { groups } = parse(readFileSync(file, 'utf8')) as RuleFile;
  const rule = groups[0]?.rules.find(({ record }) => record === 'check:status:failing');
  return rule?.expr.trim().split(/\s+/);
}
