import { describe, expect, it } from '@jest/globals';
import { callCommand } from '../../support/call-command.ts';

describe('the command line', () => {
  it.each<[string, string[], string[]]>([
    [
      'a flag that does not exist',
      ['agent', '--nope'],
      ["error: unknown option '--nope'", 'see "alertmanager-proxy agent --help"'],
    ],
    [
      'a file that is left out',
      ['check-config'],
      ["error: missing required argument 'file'", 'see "alertmanager-proxy check-config --help"'],
    ],
    [
      'a command that does not exist',
      ['agnet'],
      ["error: unknown command 'agnet'", '(Did you mean agent?)', 'see "alertmanager-proxy --help"'],
    ],
  ])('says what is wrong with %s, and where the help is, and no more', async (_what, args, lines) => {
    const { stdout, stderr, exitCode } = await callCommand(args);

    expect(stderr.trimEnd().split('\n').filter(Boolean)).toEqual(lines);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });
});
