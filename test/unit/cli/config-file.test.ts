import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

describe('where there is no configuration file', () => {
  const before = process.cwd();
  let folder: TempFolder;
  beforeEach(() => {
    folder = createTempFolder();
    process.chdir(folder.path);
  });
  afterEach(() => {
    process.chdir(before);
    folder.remove();
  });

  it.each([['serve'], ['explain', 'alerts.json']])('%s says which flag names one', async (...args) => {
    const { stderr, exitCode } = await callCommand(args);

    expect(stderr).toContain(
      'config/alertmanager-proxy.yml: cannot be read: no such file; set --config.file',
    );
    expect(exitCode).toBe(1);
  });

  it.each([['serve'], ['explain', 'alerts.json']])(
    '%s says no more where the flag is set',
    async (...args) => {
      const { stderr } = await callCommand([...args, '--config.file=other.yml']);

      expect(stderr).toMatch(/other\.yml: cannot be read: no such file"?\n/);
    },
  );
});
