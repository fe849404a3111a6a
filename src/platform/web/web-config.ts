import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { describeError } from '../log/log.ts';
import { schemaSentence } from '../config/schema-sentence.ts';
import { loadTls, type TlsConfig } from './tls-config.ts';
import { webConfigSchema } from './web-config-schema.ts';

/** What a web config file says, with the files that it names read in: plain values, so that two can be compared. */
export interface WebConfig {
  /** undefined: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user name; none: everybody is let in. */
  readonly users: ReadonlyMap<string, string>;
  /** One request per interval (milliseconds), and bursts of so many. */
  readonly rateLimit: { readonly interval: number; readonly burst: number } | undefined;
}

/** A web config, or every reason why there is none: sentences that name the file and the key, and hold no secret. */
export type LoadedWebConfig =
  | { readonly ok: true; readonly config: WebConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a web config file and the files that it names; relative paths start at its folder. Never rejects. */
export async function loadWebConfig(file: string): Promise<LoadedWebConfig> {
  const problem = (path: PropertyKey[], sentence: string): string =>
    [file, ...(path.length === 0 ? [] : [z.core.toDotPath(path)]), sentence].join(': ');
  const failed = (problems: string[]): LoadedWebConfig => ({ ok: false, problems });

  let document: unknown;
  try {
    document = parseYaml(await readFile(file, 'utf8'));
  } catch (error: unknown) {
    return failed([problem([], describeError(error))]);
  }
  const parsed = webConfigSchema.safeParse(document, { error: schemaSentence });
  if (!parsed.success) return failed(parsed.error.issues.map(({ path, message }) => problem(path, message)));

  const { tls_server_config, http_server_config, basic_auth_users, rate_limit } = parsed.data;
  const tls = tls_server_config && (await loadTls(tls_server_config, (path) => resolve(dirname(file), path)));
  if (tls?.ok === false)
    return failed(tls.problems.map(({ key, sentence }) => problem(['tls_server_config', key], sentence)));
  return {
    ok: true,
    config: {
      tls: tls?.config,
      headers: withoutBlanks(http_server_config?.headers ?? {}),
      users: new Map(Object.entries(basic_auth_users ?? {})),
      rateLimit: rate_limit && rate_limit.interval > 0 ? rate_limit : undefined,
    },
  };
}

function parseYaml(text: string): unknown {
  // A file that is being written is empty for a moment; it must not turn authentication off.
  if (text.trim() === '') throw new Error('is empty: write {} for plain HTTP without users');
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    // Only the parser's code: its message may quote the line, and the line may be a secret.
    const { line } = lineCounter.linePos(mistake.pos[0]);
    throw new Error(`line ${line} is not valid YAML (${mistake.code.toLowerCase().replaceAll('_', ' ')})`);
  }
  return document.toJS();
}

function withoutBlanks(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
