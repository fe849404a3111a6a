import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { callCommand } from '../support/call-command.ts';
import { problemOf } from '../support/documented-file.ts';
import { anchorsOf, codeBlocks, commandsOf, linksOf } from '../support/markdown.ts';
import { createTempFolder } from '../support/temp-folder.ts';

// promtool is a process: a busy machine may take its time.
jest.setTimeout(60_000);

const text = (file: string): string => readFileSync(file, 'utf8');
const readme = text('README.md');
const manifest = JSON.parse(text('package.json')) as Readonly<
  Record<'scripts' | 'dependencies', Readonly<Record<string, string>>>
>;
const documents = ['README.md', 'CONTRIBUTING.md', 'helm/alertmanager-proxy/README.md'].concat(
  linksOf(readme).filter((target) => /^docs\/[\w-]+\.md$/.test(target)),
);

describe('the links of', () => {
  it.each([...new Set(documents)])('%s lead somewhere', (file) => {
    const broken = linksOf(text(file)).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(text(target)).includes(anchor);
    });

    expect(broken).toEqual([]);
  });
});

describe('README.md', () => {
  it('is short', () => {
    expect(readme.split('\n').length).toBeLessThan(200);
  });

  it('shows the two commands, which exist', () => {
    expect(commandsOf(readme)).toEqual(['npm run quickstart', 'npm test']);
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['quickstart', 'test']));
  });

  it('lists every command', async () => {
    const [, table = ''] = readme.split('\n## Commands\n');
    const listed = [...table.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name]) => name);
    const [, commands = ''] = (await callCommand(['--help'])).stdout.split('\nCommands:\n');
    const offered = [...commands.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name);

    expect(listed.concat('help').sort()).toEqual(offered.sort());
  });
});

describeWith(['promtool'], 'the files that README.md shows', ({ promtool }) => {
  const folder = createTempFolder();
  afterAll(() => {
    folder.remove();
  });

  it.each(codeBlocks(readme, 'yaml'))('are good: %#', async (content) => {
    expect(await problemOf(content, { folder, promtool })).toBeUndefined();
  });
});

describe('docs/architecture.md', () => {
  const [, table = ''] = text('docs/architecture.md').split('\n## Dependencies\n');
  const cells = [...table.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, cell = '']) => cell);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

  it('names each dependency, with its reason', () => {
    expect(named.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});
