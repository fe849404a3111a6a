import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../../support/binaries.ts';
import { listen } from '../../support/listen.ts';
import { readPushgatewayCases, type PushgatewayCase } from '../../support/pushgateway-cases.ts';
import { sendRaw } from '../../support/raw-request.ts';
import { runCommand, type RunningCommand } from '../../support/run-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Where Debian's 1.5.1 and the gateway answer with different codes, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'no job slash': 'no redirect of a push',
  'double slash': 'no redirect of a push',
  'double slash lead': 'no redirect of a push',
  'dot seg': 'no redirect of a push',
  'pct slash': '%2F stays in the value',
  'HEAD metrics': 'HEAD works wherever GET does',
  'HEAD healthy': 'HEAD works wherever GET does',
  'long line': 'a label value has 16 KiB at most',
  'api no slash': 'no redirect to an API',
  'GZIP upper': '1.11.3 takes the encoding in any case, 1.5.1 does not',
  'gzip truncated': '1.5.1 does not look at what follows the last byte of text',
  'snappy invalid': '1.5.1 does not know snappy',
};

describeWith(['pushgateway'], "Debian's Pushgateway and the gateway", ({ pushgateway }) => {
  const folder = createTempFolder();
  let ours: RunningCommand;
  let ourUrl: string;
  let debian: { readonly url: string; readonly stop: () => Promise<void> };

  beforeAll(async () => {
    ours = runCommand(['pushgateway', '--web.listen-address=127.0.0.1:0', `--storage.path=${folder.path}`]);
    [, ourUrl = ''] = await ours.printed(/msg=listening url=(\S+)/);
    debian = await startDebian(pushgateway);
  });
  afterAll(async () => {
    await ours.stop();
    await debian.stop();
    folder.remove();
  });

  it.each(readPushgatewayCases())('$name: the same code', async (recorded: PushgatewayCase) => {
    const [theirs, answer] = await Promise.all([sendRaw(debian.url, recorded), sendRaw(ourUrl, recorded)]);
    if (recorded.name in DIFFERENT) expect(answer.status).not.toBe(theirs.status);
    else expect(answer.status).toBe(theirs.status);
  });

  it('expose the same series of what was pushed', async () => {
    const only = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => /^(?:bx|conf|dup|foo)\w*[{ ]/.test(line))
        .map(canonical)
        .sort();
    const theirs = await sendRaw(debian.url, { path: '/metrics' });
    const shown = await sendRaw(ourUrl, { path: '/metrics' });
    // Of the cases above that one of the two refuses.
    const isOfBoth = (line: string): boolean => !/^bx(?:51|61|63|66)\b/.test(line);
    const expected = only(theirs.text).filter(isOfBoth);
    expect(expected.length).toBeGreaterThan(40);
    expect(only(shown.text).filter(isOfBoth)).toEqual(expected);
  });
});

// Numbers are written in another way: 1e+06 is 1000000.
function canonical(line: string): string {
  const at = line.lastIndexOf(' ');
  return `${line.slice(0, at)} ${Number(line.slice(at).replace('Inf', 'Infinity'))}`;
}

async function startDebian(binary: string): Promise<{ url: string; stop: () => Promise<void> }> {
  // A port that was free a moment ago: the program cannot choose one itself.
  const free = await listen(() => undefined);
  await free.close();
  const flags = [`--web.listen-address=${free.address}`, '--persistence.file='];
  const child = spawn(binary, flags, { stdio: 'ignore' });
  await waitFor(
    'the Pushgateway',
    async () => (await sendRaw(free.url, { path: '/-/ready' })).status === 200,
  );
  return {
    url: free.url,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}
