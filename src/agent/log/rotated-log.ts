import { createReadStream, type BigIntStats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';

/** The file that logrotate made of a log last. */
export interface RotatedLog {
  readonly path: string;
  readonly compressed: boolean;
}

/** Names a file whatever it is called now. */
export function inodeOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/**
 * Finds the newest of `LOG.1`, `LOG.1.gz` and, with logrotate's `dateext`, `LOG-20261122`, `LOG-20261122.gz` and the like.
 * A file with one of the known inodes is none: it was rotated while being followed.
 */
export async function findRotatedLog(
  path: string,
  known: ReadonlySet<string>,
): Promise<RotatedLog | undefined> {
  const prefix = basename(path);
  const directory = dirname(path);
  const names = await readdir(directory).catch(() => []);
  const candidates: (RotatedLog & { readonly modified: bigint })[] = [];
  for (const name of names.filter(
    (entry) => entry.startsWith(prefix) && isRotatedSuffix(entry.slice(prefix.length)),
  )) {
    const stats = await stat(join(directory, name), { bigint: true }).catch(() => undefined);
    if (stats?.isFile() !== true || known.has(inodeOf(stats))) continue;
    candidates.push({
      path: join(directory, name),
      compressed: name.endsWith('.gz'),
      modified: stats.mtimeNs,
    });
  }
  // While gzip is at work there are both, and only the plain one is whole.
  return candidates
    .filter(
      ({ path: gz, compressed }) => !compressed || !candidates.some((plain) => `${plain.path}.gz` === gz),
    )
    .sort((a, b) => (a.modified > b.modified ? -1 : 1))[0];
}

/** Reads a rotated log's text from a byte on. */
export async function* readRotatedLog(
  { path, compressed }: RotatedLog,
  from: number,
): AsyncGenerator<Buffer> {
  if (!compressed) {
    yield* createReadStream(path, { start: from }) as AsyncIterable<Buffer>;
    return;
  }
  const source = createReadStream(path);
  const text = source.pipe(createGunzip());
  source.on('error', (error) => text.destroy(error));
  try {
    let position = 0;
    for await (const chunk of text as AsyncIterable<Buffer>) {
      const skip = Math.min(Math.max(from - position, 0), chunk.length);
      position += chunk.length;
      if (skip < chunk.length) yield chunk.subarray(skip);
    }
  } finally {
    source.destroy();
  }
}

/** The length of a compressed log's text: gzip's last four bytes tell it, modulo 4 GiB (RFC 1952). */
export async function uncompressedBytes({ path }: RotatedLog): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return bytesRead === 4 ? buffer.readUInt32LE() : 0;
  } finally {
    await handle.close();
  }
}

function isRotatedSuffix(suffix: string): boolean {
  return /^(?:\.1|-\d{8}(?:\d{2}|-\d+)?)(?:\.gz)?$/.test(suffix);
}
