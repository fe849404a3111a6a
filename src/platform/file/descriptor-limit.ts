import { readFile } from 'node:fs/promises';

/** Reads how many files and sockets this process may have open at a time; undefined where the system does not say, or sets no limit. */
export async function readDescriptorLimit(limitsFile = '/proc/self/limits'): Promise<number | undefined> {
  const limits = await readFile(limitsFile, 'utf8').catch(() => '');
  // proc(5): name, soft limit, hard limit, unit. Node raises the soft one to the hard one when it starts.
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  return soft === undefined ? undefined : Number(soft);
}
