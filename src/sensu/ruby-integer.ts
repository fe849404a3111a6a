const FORMS: readonly (readonly [base: number, digits: RegExp])[] = [
  [16, /^([+-]?)0x([\da-f]+(?:_[\da-f]+)*)$/i],
  [2, /^([+-]?)0b([01]+(?:_[01]+)*)$/i],
  [8, /^([+-]?)0o?([0-7]+(?:_[0-7]+)*)$/i],
  [10, /^([+-]?)(0|[1-9]\d*(?:_\d+)*)$/],
];

/** An integer as Ruby's `Integer(text)` reads it: `3`, ` 3 `, `1_000`, `0x10`, `010`; undefined if it reads none. */
export function parseRubyInteger(text: string): number | undefined {
  for (const [base, form] of FORMS) {
    const [, sign, digits] = form.exec(text.trim()) ?? [];
    if (digits !== undefined) {
      const value = Number.parseInt(digits.replaceAll('_', ''), base);
      return sign === '-' ? -value : value;
    }
  }
  return undefined;
}
