import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../../src/platform/config/config-error.ts';
import { loadConfig } from '../../../../src/proxy/config/load.ts';
import { alertmanagerMistakes } from './alertmanager-mistakes.ts';
import { fileMistakes } from './file-mistakes.ts';
import { sourceMistakes } from './source-mistakes.ts';

const mistakes = [...fileMistakes, ...alertmanagerMistakes, ...sourceMistakes];
const folder = join(import.meta.dirname, '../../../fixtures/config');

async function messagesOf(file: string): Promise<string[]> {
  const error: unknown = await loadConfig(file).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error(`${file} was accepted`);
  return error.message.split('\n');
}

describe('a configuration file with a mistake', () => {
  it.each(mistakes)('is refused with file, line, key and a sentence: %s', async (_, name, messages) => {
    const file = join(folder, `invalid-${name}.yml`);

    const said = await messagesOf(file);

    expect(said).toEqual(messages.map((message) => `${file}:${message.replace('<folder>', folder)}`));
  });

  it.each(mistakes)('says nothing of the secrets in it: %s', async (_, name) => {
    const said = await messagesOf(join(folder, `invalid-${name}.yml`));

    expect(said.join('\n')).not.toContain('hunter2');
  });

  it('has a fixture for each mistake, and each fixture is tested', () => {
    const fixtures = readdirSync(folder).filter((file) => file.startsWith('invalid-'));

    expect(fixtures.sort()).toEqual(mistakes.map(([, name]) => `invalid-${name}.yml`).sort());
  });
});

describe('the problems of a ConfigError', () => {
  it('say where they are', async () => {
    const file = join(folder, 'invalid-unknown-key-in-source.yml');

    const error: unknown = await loadConfig(file).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      name: 'ConfigError',
      problems: [
        {
          file,
          line: 9,
          column: 5,
          key: 'sources[0].timeouts',
          sentence: 'unknown key; did you mean timeout?',
        },
        { file, line: 10, column: 5, key: 'sources[0].retries', sentence: 'unknown key' },
      ],
    });
  });

  it('name the file alone if it cannot be read', async () => {
    await expect(messagesOf(join(folder, 'none.yml'))).resolves.toEqual([
      `${join(folder, 'none.yml')}: cannot be read: no such file`,
    ]);
    await expect(messagesOf(folder)).resolves.toEqual([`${folder}: cannot be read: it is a folder`]);
  });
});
