/** The program that a handler's command runs, without its folder, and its options. */
export interface HandlerCommand {
  readonly program: string;
  /** By the long name of each option that the program knows. */
  readonly options: ReadonlyMap<string, string>;
  /** Names of options that it does not know. */
  readonly unknown: readonly string[];
}

/** A program's options: the long names and their letters, each with a value. */
export type KnownOptions = Readonly<Record<string, string>>;

const WORD = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;

/** Finds one of the programs in a command; undefined if it runs none of them. */
export function parseHandlerCommand(
  command: string,
  programs: readonly string[],
  known: KnownOptions,
): HandlerCommand | undefined {
  const words = [...command.matchAll(WORD)].map(([word]) => word.replaceAll(/["']/g, ''));
  const at = words.findIndex((word) => programs.includes(baseName(word)));
  if (at < 0) return undefined;
  return { program: baseName(words[at] ?? ''), ...parseOptions(words.slice(at + 1), known) };
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? '';
}

// As Ruby's OptionParser: `--name value`, `--name=value`, `-n value` and `-nvalue`, and a long name may be cut short.
function parseOptions(
  words: readonly string[],
  known: KnownOptions,
): Pick<HandlerCommand, 'options' | 'unknown'> {
  const options = new Map<string, string>();
  const unknown: string[] = [];
  const rest = words.values();
  for (const word of rest) {
    const [, long, short, attached] = /^(?:--([\w-]+)|-(\w))(?:=?(.+))?$/s.exec(word) ?? [];
    if (long === undefined && short === undefined) continue;
    const name = Object.keys(known).find((key) =>
      long === undefined ? known[key] === short : key.startsWith(long),
    );
    if (name === undefined) unknown.push(long === undefined ? `-${short}` : `--${long}`);
    else options.set(name, attached ?? rest.next().value ?? '');
  }
  return { options, unknown };
}
