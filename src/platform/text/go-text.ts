// How Go reads text, where a file or a value is to mean here what it means to Prometheus and Alertmanager.

const SPACE_AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** The text without white space around it, as Go's strings.TrimSpace leaves it: a byte order mark is no white space there. */
export function trimSpace(text: string): string {
  return text.replace(SPACE_AROUND, '');
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '\\': 0x5c,
  '"': 0x22,
};
const QUOTED =
  /^"(?:[^"\\\n]|\\(?:[abfnrtv\\"]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[0-3][0-7]{2}))*"$/u;
const PIECE = /\\(?:x(?<hex>..)|u(?<short>.{4})|U(?<long>.{8})|(?<octal>[0-7]{3})|(?<sign>.))|[^\\]+/gsu;

/** What a string literal of Go in double quotes stands for (strconv.Unquote); undefined if it is not one, or not UTF-8. */
export function unquoteGo(literal: string): string | undefined {
  if (!QUOTED.test(literal)) return undefined;
  const pieces = [...literal.slice(1, -1).matchAll(PIECE)].map(bytesOf);
  if (pieces.includes(undefined)) return undefined;
  const bytes = Buffer.concat(pieces.filter((piece) => piece !== undefined));
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function bytesOf({
  0: piece,
  groups: { hex, short, long, octal, sign } = {},
}: RegExpMatchArray): Buffer | undefined {
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  if (octal !== undefined) return Buffer.from([parseInt(octal, 8)]);
  if (sign !== undefined) return Buffer.from([ESCAPES[sign] ?? 0]);
  const digits = short ?? long;
  if (digits === undefined) return Buffer.from(piece);
  const code = parseInt(digits, 16);
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? Buffer.from(String.fromCodePoint(code)) : undefined;
}
