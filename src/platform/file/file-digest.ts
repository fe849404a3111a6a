import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Tells contents of a file apart without keeping them; that it cannot be read counts as a content too. */
export async function fileDigest(path: string): Promise<string> {
  const content = await readFile(path).catch(() => undefined);
  return content === undefined ? 'unreadable' : createHash('sha256').update(content).digest('base64url');
}
