import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { version } from '../../../src/platform/version.ts';
import { buildImage, dockerfile, type BuiltImage } from '../../support/dockerfile.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { testTools } from '../../support/test-tools.ts';

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
  }, 300_000);
  afterAll(() => {
    folder.remove();
  });

  it('runs as nobody, from files that nobody may write, and answers', () => {
    const [uid, gid] = image.user.split(':').map(Number) as [number, number];
    const [file, main = ''] = image.entrypoint;
    const isRoot = process.getuid?.() === 0;
    const { stdout, stderr } = spawnSync(file ?? '', [join(image.root, main), '--version'], {
      ...(isRoot ? { uid, gid } : {}),
      env: { PATH: process.env['PATH'], ...image.env },
      encoding: 'utf8',
    });

    expect([uid, gid]).toEqual([65534, 65534]);
    expect({ stdout, stderr }).toEqual({ stdout: `${version}\n`, stderr: '' });
  });

  it('holds what production needs, and nothing else', () => {
    const has = (path: string): boolean => existsSync(join(image.root, path));

    expect(has('app/node_modules/commander')).toBe(true);
    expect(has('etc/alertmanager-proxy/alertmanager-proxy.yml')).toBe(true);
    expect(
      ['app/node_modules/typescript', 'app/node_modules/jest', 'app/src', 'app/.npmrc'].filter(has),
    ).toEqual([]);
  });

  it.each([
    ['healthy', 200, 0],
    ['unhealthy', 503, 1],
  ])('is told to be %s when the proxy answers %d', async (_state, status, code) => {
    const server = createServer((_request, response) => response.writeHead(status).end()).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [file = '', ...args] = image.healthcheck;
    const env = { PATH: process.env['PATH'], HEALTHCHECK_URL: `http://127.0.0.1:${port}/-/healthy` };
    const [exitCode] = (await once(execFile(file, args, { env }), 'exit')) as [number];
    server.close();

    expect(exitCode).toBe(code);
    expect(image.env['HEALTHCHECK_URL']).toBe('http://127.0.0.1:9095/-/healthy');
  });
});
