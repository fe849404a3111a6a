import { isArray, isNumber, isObject, type JsonValue } from './json.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\u001b': '\\e',
  '\u0007': '\\a',
  '\b': '\\b',
  '\v': '\\v',
  '\f': '\\f',
  '\u007f': '\\x7F',
};

/** A value as Ruby's `to_s` prints it: what Sensu puts into a command in place of a token. */
export function rubyText(value: JsonValue): string {
  return typeof value === 'string' ? value : value === null ? '' : inspect(value);
}

function inspect(value: JsonValue): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return inspectString(value);
  if (typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map(inspect).join(', ')}]`;
  if (isObject(value)) {
    return `{${[...value].map(([key, item]) => `${inspectSymbol(key)}=>${inspect(item)}`).join(', ')}}`;
  }
  return isNumber(value) && value.kind === 'float' ? rubyFloat(value.value) : value.text;
}

// Sensu loads JSON with symbols for keys.
function inspectSymbol(key: string): string {
  return /^[A-Za-z_]\w*[?!=]?$/.test(key) ? `:${key}` : `:${inspectString(key)}`;
}

function inspectString(text: string): string {
  const escaped = text.replace(/["\\\u007f]|[^\u0020-\uffff]|#(?=[{$@])/g, (character) => {
    if (character === '#') return '\\#';
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return ESCAPES[character] ?? `\\u${code}`;
  });
  return `"${escaped}"`;
}

// Ruby writes the shortest digits that read back the same, as JavaScript does, but turns to exponents at other sizes.
function rubyFloat(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    const power = `${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
    return `${digits.includes('.') ? digits : `${digits}.0`}e${power}`;
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
