import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A hash of a file's content, to notice changes. An unreadable file has a fixed value. */
export async function fileDigest(path: string): Promise<string> {
  const content = await readFile(path).catch(() => undefined);
  return content === undefined ? 'unreadable' : createHash('sha256').update(content).digest('base64url');
}
