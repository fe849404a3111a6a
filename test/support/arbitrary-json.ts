import fc, { type Arbitrary } from 'fast-check';

/** A member of an object as it stands in a body. */
export type RawMember = readonly [name: string, value: string];

/** White space that JSON allows, mostly none. */
const blank = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.array(fc.constantFrom(' ', '\t', '\n', '\r'), { maxLength: 3 }).map((blanks) => blanks.join('')),
);

/** Any JavaScript string: lone surrogates, NUL, quotes, brackets. */
export const anyText: Arbitrary<string> = fc.oneof(
  fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\u001b', 'ß', '警', '🔥', '\ud83d'), {
      maxLength: 8,
    })
    .map((pieces) => pieces.join('')),
);

/** A string of JSON, plain or with every character escaped. */
const rawText: Arbitrary<string> = fc
  .tuple(anyText, fc.boolean())
  .map(([text, isEscaped]) => (isEscaped ? escaped(text) : JSON.stringify(text)));

const rawName = fc.oneof(rawText, fc.constantFrom('"a"', '"__proto__"', '"constructor"', '"\\u0061"'));

const { value: rawValue } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    rawText,
    fc.constantFrom(
      'null',
      'true',
      '0',
      '-0.0',
      '1e400',
      '1E-7',
      '12345678901234567890',
      '0.1000',
      '{}',
      '[]',
    ),
    rawObject(rawName, tie('value')),
    fc.array(tie('value'), { maxLength: 3 }).chain((items) => rawArray(items)),
  ),
}));

/** Anything that is JSON, with names given twice, numbers that no double holds, and white space anywhere. */
export const anyJson: Arbitrary<string> = rawValue;

/** Members that Alertmanager does not know. */
export const unknownMembers: Arbitrary<RawMember[]> = fc.array(
  fc.tuple(
    rawText.map((name) => `"x${name.slice(1)}`),
    rawValue,
  ),
  { maxLength: 3 },
);

/** A label set: at least one label with a value. */
export const rawLabels: Arbitrary<string> = fc
  .array(fc.tuple(rawNameOfLabel(), rawText), { maxLength: 4 })
  .chain((pairs) => joined([['"alertname"', '"Any"'], ...pairs]));

/** The annotations of an alert. */
export const rawAnnotations: Arbitrary<string> = fc
  .array(fc.tuple(fc.oneof(rawNameOfLabel(), fc.constant('"check_output"')), rawText), { maxLength: 3 })
  .chain((pairs) => joined(pairs));

/** These elements as an array. */
export function rawArray(elements: readonly string[]): Arbitrary<string> {
  return fc
    .array(fc.tuple(blank, blank), { minLength: elements.length + 1, maxLength: elements.length + 1 })
    .map((blanks) => {
      const items = elements.map((element, index) => around(element, blanks[index]));
      return around(`[${items.join(',')}]`, blanks.at(-1));
    });
}

/** These members as an object, in this order. */
export function joined(members: readonly RawMember[]): Arbitrary<string> {
  return fc
    .array(fc.tuple(blank, blank), { minLength: members.length, maxLength: members.length })
    .map((blanks) => {
      const items = members.map(([name, value], index) =>
        around(`${around(name, blanks[index])}:${value}`, blanks[index]),
      );
      return `{${items.join(',')}}`;
    });
}

function rawObject(name: Arbitrary<string>, value: Arbitrary<string>): Arbitrary<string> {
  return fc.array(fc.tuple(name, value), { maxLength: 3 }).chain((members) => joined(members));
}

// An empty name is none.
function rawNameOfLabel(): Arbitrary<string> {
  return rawName.filter((name) => name !== '""');
}

function around(text: string, [before, after]: readonly [string, string] = ['', '']): string {
  return `${before}${text}${after}`;
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
