import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { version } from '../../../src/platform/file/package-files.ts';
import { buildImage, dockerfile, type BuiltImage } from '../../support/dockerfile.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { testTools } from '../../support/test-tools.ts';
import { waitFor } from '../../support/wait-for.ts';

const { hadolint } = testTools();

describe('the Dockerfile', () => {
  it('is without fault for hadolint', () => {
    const { status, stdout, stderr } = spawnSync(hadolint, ['Dockerfile'], { encoding: 'utf8' });

    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('takes both stages from the same image', () => {
    const bases = dockerfile()
      .filter((instruction) => instruction.getKeyword() === 'FROM')
      .map((instruction) => instruction.getArguments()[0]?.getValue());

    expect(bases).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
  });

  it.each(['title', 'description', 'licenses', 'version', 'revision'])(
    'labels the image with its %s',
    (label) => {
      const labels = dockerfile().find((instruction) => instruction.getKeyword() === 'LABEL');

      expect(labels?.getRawArgumentsContent()).toContain(`org.opencontainers.image.${label}=`);
    },
  );
});

describe('the image that it builds', () => {
  const folder = createTempFolder();
  let image: BuiltImage;

  beforeAll(() => {
    // For the user that it runs as.
    chmodSync(folder.path, 0o755);
    image = buildImage(folder.path);
  }, 900_000);
  afterAll(() => {
    folder.remove();
  });

  /** Where the image's own root would be, and as its user where the test may choose one. */
  const start = (args: readonly string[]): ChildProcess => {
    const [file = '', main = ''] = image.entrypoint;
    const [uid, gid] = image.user.split(':').map(Number) as [number, number];
    return spawn(file, [join(image.root, main), ...args], {
      ...(process.getuid?.() === 0 ? { uid, gid } : {}),
      env: { PATH: process.env['PATH'], ...image.env },
    });
  };
  const isHealthy = async (url: string): Promise<boolean> => {
    const [file = '', ...args] = image.healthcheck;
    const env = { PATH: process.env['PATH'], HEALTHCHECK_URL: url };
    const [code] = (await once(spawn(file, args, { env }), 'exit')) as [number];
    return code === 0;
  };

  it('runs as nobody and knows its version', async () => {
    const child = start(['--version']);
    const [output] = (await once(child.stdout ?? child, 'data')) as [Buffer];

    expect(image.user).toBe('65534:65534');
    expect(output.toString()).toMatch(new RegExp(`^${version} \\(revision \\S+, Node.js [\\d.]+\\)\\n$`));
  });

  it('takes alerts, healthy by its own measure, until it is told to stop', async () => {
    const [command = '', config = ''] = image.cmd;
    const child = start([command, config.replace('=', `=${image.root}`), '--web.listen-address=127.0.0.1:0']);
    const exit = once(child, 'exit');
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const [, url = ''] = await waitFor(
      'the listener',
      () => /msg="ready to take alerts" url=(\S+)/.exec(log) ?? false,
      {
        show: () => log,
      },
    );

    expect(await isHealthy(`${url}/-/healthy`)).toBe(true);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(await isHealthy(`${url}/-/healthy`)).toBe(false);
  });

  it('looks for its health where its default arguments put it', () => {
    expect(image.env['HEALTHCHECK_URL']).toBe('http://127.0.0.1:9095/-/healthy');
  });

  it('holds what production needs, and nothing else', () => {
    const has = (path: string): boolean => existsSync(join(image.root, path));

    expect(has('app/node_modules/commander')).toBe(true);
    expect(has('etc/alertmanager-proxy/alertmanager-proxy.yml')).toBe(true);
    expect(has('app/config/templates/sensu.tmpl')).toBe(true);
    expect(
      ['app/node_modules/typescript', 'app/node_modules/jest', 'app/src', 'app/.npmrc'].filter(has),
    ).toEqual([]);
  });
});
