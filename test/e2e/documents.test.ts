import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { createProgram } from '../../src/cli/program.ts';
import { describeWith } from '../support/binaries.ts';
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

  it('lists every command', () => {
    const [, table = ''] = readme.split('\n## Commands\n');
    const listed = [...table.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name]) => name);
    const stream = new PassThrough();
    const program = createProgram({
      stdout: stream,
      stderr: stream,
      env: {},
      stop: new AbortController().signal,
      halt: new AbortController().signal,
      onSignal: () => () => undefined,
      setExitCode: () => undefined,
    });

    expect(listed.sort()).toEqual(program.commands.map((command) => command.name()).sort());
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
  const named = [...table.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name);

  it('names each dependency, with its reason', () => {
    expect(named.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});
