const NAMES =
  'password|passwd|passphrase|pass|pwd|secret|token|community|api-?key|auth(?:entication|password)?';
const VALUE = `("[^"]*"|'[^']*'|\\S+)`;

/**
 * `--password x`, `--db-password=x`, `-password x`, `-P x`. After `-p` a number is a port, and a path is what check_disk looks at.
 * In `-psecret` the value stands in the option itself, so the next word is not one.
 */
const OPTION = new RegExp(
  `((?:^|\\s)(?:-p(?!\\s*(?:\\d{1,5}(?:\\s|$)|/))|-(?:${NAMES})|--[\\w-]*?(?:${NAMES}))(?:=|\\s+))${VALUE}`,
  'gi',
);
/** `PASSWORD=x` before the command. */
const VARIABLE = new RegExp(`((?:^|\\s)\\w*?(?:password|passwd|secret|token)=)${VALUE}`, 'gi');
/** `https://user:x@host`. */
const IN_URL = /(:\/\/[^\s:@/]*:)[^\s@/]+(?=@)/g;

/** Masks what are most likely passwords in a command line; the rest of it stays as it is. */
export function maskCommandSecrets(command: string): string {
  return [OPTION, VARIABLE, IN_URL].reduce((text, pattern) => text.replace(pattern, '$1<redacted>'), command);
}
