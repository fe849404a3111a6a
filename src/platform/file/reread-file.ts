import { readFile, stat } from 'node:fs/promises';

/** Told once when a file or what is in it cannot be used any more, and what stands in for it. */
export type OnFileTrouble = (error: Error) => void;

interface RereadFileOptions {
  readonly path: string;
  readonly onTrouble: OnFileTrouble;
  /** Milliseconds that only ever grow. */
  readonly now?: () => number;
}

const CHECK_INTERVAL_MS = 1_000;

/**
 * The content of a file that somebody may replace, without the line break at its end. Looks at most once a second whether the file
 * changed; while it cannot be read the last content stands in. Rejects only if it could never be read.
 */
export function createRereadFile({ path, onTrouble, now = () => performance.now() }: RereadFileOptions) {
  let known: { readonly content: string; readonly stamp: string } | undefined;
  let inTrouble = false;
  let checkedAt = -Infinity;
  let checking: Promise<string> | undefined;

  async function check(): Promise<string> {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (known?.stamp !== stamp) {
        known = { content: (await readFile(path, 'utf8')).replace(/\r?\n$/, ''), stamp };
      }
      inTrouble = false;
      return known.content;
    } catch (cause) {
      if (known === undefined) throw new Error(`cannot read "${path}"`, { cause });
      if (!inTrouble) onTrouble(new Error(`cannot read "${path}", its last content stays in use`, { cause }));
      inTrouble = true;
      return known.content;
    } finally {
      checkedAt = now();
      checking = undefined;
    }
  }

  return async function content(): Promise<string> {
    if (checking !== undefined) return checking;
    if (known !== undefined && now() - checkedAt < CHECK_INTERVAL_MS) return known.content;
    checking = check();
    return checking;
  };
}
