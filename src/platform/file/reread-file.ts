import { readFile, stat } from 'node:fs/promises';
import { trimSpace } from '../text/go-text.ts';
import { Outage } from '../log/outage.ts';

/** Called once when a file becomes unreadable or its content unusable. */
export type OnFileTrouble = (error: Error) => void;

interface RereadFileOptions {
  readonly path: string;
  readonly onTrouble: OnFileTrouble;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

const CHECK_INTERVAL_MS = 1_000;

/**
 * Reads a file again when it changes, checking at most once a second, and drops the white space around its text, as Prometheus does
 * with secret files (prometheus/common config/http_config.go, FileSecret). While the file is unreadable its last content stays in
 * use. Rejects only if the file was never readable.
 */
export function createRereadFile({ path, onTrouble, now = () => performance.now() }: RereadFileOptions) {
  let known: { readonly content: string; readonly stamp: string } | undefined;
  const outage = new Outage({
    onBegin: (cause) => {
      onTrouble(new Error(`cannot read "${path}", its last content stays in use`, { cause }));
    },
  });
  let checkedAt = -Infinity;
  let checking: Promise<string> | undefined;

  async function check(): Promise<string> {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (known?.stamp !== stamp) {
        known = { content: trimSpace(await readFile(path, 'utf8')), stamp };
      }
      outage.succeeded();
      return known.content;
    } catch (cause) {
      if (known === undefined) throw new Error(`cannot read "${path}"`, { cause });
      outage.failed(cause);
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
