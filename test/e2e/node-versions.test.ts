import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { hash } from 'bcrypt';
import { stringify } from 'yaml';
import { NODE_LINES } from '../../src/cli/node-line.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';
import { ask } from '../support/web-listener.ts';

// The first time it takes 50 MB from the registry for each version.
jest.setTimeout(300_000);

let folder: TempFolder | undefined;
let command: RunningCommand | undefined;
afterEach(async () => {
  command?.kill('SIGKILL');
  await command?.ended();
  folder?.remove();
});

/** The file of that Node.js, from npm; undefined, loudly, where there is no registry. */
function nodeOf(version: string): string | undefined {
  try {
    const args = ['exec', '--yes', `--package=node@${version}`, '--', 'node', '-p', 'process.execPath'];
    const env = { ...process.env, NODE_OPTIONS: '' };
    // Outside of this package: in its node_modules/.bin it would stand before the present Node.
    return execFileSync('npm', args, { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trim();
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    const bar = '!'.repeat(80);
    process.stderr.write(
      `\n${bar}\nSKIPPED: Node.js ${version}, which npm could not get\n${String(error)}\n${bar}\n\n`,
    );
    return undefined;
  }
}

/** Starts the proxy, or the agent, with users; resolves to its URL. */
async function start(part: 'serve' | 'agent', node: string): Promise<string> {
  folder = createTempFolder();
  const webConfig = stringify({ basic_auth_users: { alice: await hash('s3cret', 4) } });
  const flags = [
    `--web.config.file=${folder.write('web.yml', webConfig)}`,
    '--web.listen-address=127.0.0.1:0',
  ];
  const config = stringify({ alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:9'] }] }] });
  const ofPart =
    part === 'serve'
      ? [`--config.file=${folder.write('proxy.yml', config)}`]
      : [`--log.file=${folder.write('sensu-client.log', '')}`];
  command = runCommand([part, ...flags, ...ofPart], { node });
  const [, url = ''] = await command.printed(/msg=listening url=(\S+)/);
  return url;
}

describe.each([...NODE_LINES.values()].map(({ oldest }) => oldest))('on Node.js %s', (version) => {
  const node = nodeOf(version);
  const itRuns = node === undefined ? it.skip : it;

  itRuns.each(['serve', 'agent'] as const)(
    '%s answers whatever headers are sent without a password',
    async (part) => {
      const url = await start(part, node ?? '');

      for (const name of ['__proto__', 'constructor', 'toString']) {
        expect((await ask(`${url}/metrics`, { headers: Object.fromEntries([[name, '1']]) })).status).toBe(
          401,
        );
      }
      await waitFor('an answer with the password', async () => {
        return (await ask(`${url}/metrics`, { auth: 'alice:s3cret' })).status === 200;
      });
    },
  );
});
