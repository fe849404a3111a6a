/** One measurement that a Nagios plugin prints beside its text. */
export interface Perfdata {
  readonly label: string;
  readonly value: number;
  /** As printed: `s`, `%`, `MB`, `c`; empty if there is none. */
  readonly unit: string;
}

// A plugin that prints more makes more series than anybody looks at.
const MAX_ITEMS = 100;

// 'label'=value[UOM][;…] (monitoring-plugins, developer guidelines); a quote in a label is doubled, and `U` is an unknown value.
// Numbers are as C's strtod reads them, with a sign or an exponent: monitoring-plugins print such. Some plugins write a comma
// behind each item. Items start behind white space and their parts are bounded, so that no text takes long.
const ITEM =
  /(?<!\S)(?:'((?:[^']|''){1,200})'|([^\s='|]{1,200}))=([+-]?[\d.]{1,30}(?:e[+-]?\d{1,3})?)([^\s\d;,]{0,10})(?:;\S{0,200})?,?(?=\s|$)/gi;

/** Reads the performance data of a plugin's output: behind the `|` of the first line, and behind the first `|` of the others. */
export function parsePerfdata(output: string): Perfdata[] {
  const [first = '', ...others] = output.split('\n');
  const texts = [first, others.join('\n')].map((text) =>
    text.includes('|') ? text.slice(text.indexOf('|') + 1) : '',
  );
  const found = new Map<string, Perfdata>();
  for (const [, quoted, plain = '', number, unit = ''] of texts.join('\n').matchAll(ITEM)) {
    const label = quoted?.replaceAll("''", "'") ?? plain;
    const value = Number(number);
    if (found.size < MAX_ITEMS && Number.isFinite(value)) found.set(label, { label, value, unit });
  }
  return [...found.values()];
}
