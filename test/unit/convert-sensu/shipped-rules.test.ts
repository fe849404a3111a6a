import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

interface Rule {
  readonly alert?: string;
  readonly expr: string;
}

it.each(['checks', 'parity/checks-parity'])(
  'convert-sensu takes for a problem what the rules of %s.yml do',
  async (name) => {
    await callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d', '--output.dir', folder.path]);

    expect(rulesBesideFailures(`${folder.path}/sensu-rules.yml`)).toEqual(
      rulesBesideFailures(`config/rules/${name}.yml`),
    );
  },
);

// Whatever the line breaks and indents.
function rulesBesideFailures(file: string): object[] | undefined {
  const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups[0]?.rules
    .filter(({ alert }) => alert !== 'CheckFailed')
    .map((rule) => ({ ...rule, expr: rule.expr.trim().split(/\s+/) }));
}
