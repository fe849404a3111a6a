import { walkMembers, type ByteRange } from './bytes/scan.ts';
import { parseTime } from './time.ts';
import { isObject } from '../../platform/json/is-object.ts';

// What Go's encoding/json, with which Alertmanager reads, sees and JSON.parse does not: it takes the name of a member
// in any case, and reads each of several equal names. It stumbles over a value of the wrong type, though a good one
// follows, and refuses the whole batch.

/** The members of an alert that Alertmanager reads. */
export const MEMBERS = ['annotations', 'endsAt', 'startsAt', 'generatorURL', 'labels'] as const;

export type MemberName = (typeof MEMBERS)[number];

/** Whether Go can read a value as this member. */
const IS_READABLE: Readonly<Record<MemberName, (value: unknown) => boolean>> = {
  annotations: isLabelSet,
  endsAt: isTime,
  startsAt: isTime,
  generatorURL: isText,
  labels: isLabelSet,
};

// Simple case folding, as Go has it.
const PATTERNS = MEMBERS.map((name) => [name, new RegExp(`^${name}$`, 'iu')] as const);

/** The member that Go takes for this one. */
export function memberMeantBy(key: string): MemberName | undefined {
  return PATTERNS.find(([, pattern]) => pattern.test(key))?.[0];
}

/** Where the values of each member lie, in order: more than one where its name is given again. */
export type MemberParts = Readonly<Record<MemberName, readonly ByteRange[]>>;

/** Looks for the members of an element. Throws SyntaxError where it is no object. */
export function findParts(body: Buffer, element: ByteRange): MemberParts {
  const parts: Record<MemberName, ByteRange[]> = {
    annotations: [],
    endsAt: [],
    startsAt: [],
    generatorURL: [],
    labels: [],
  };
  walkMembers(body, element.start, (key, value) => {
    const name = memberMeantBy(textOf(body, key));
    if (name !== undefined) parts[name].push(value);
  });
  return parts;
}

/** The values of a member as one; undefined: it has none. A value that Go cannot read stays, whatever follows. */
export function parseParts(body: Buffer, name: MemberName, parts: MemberParts): unknown {
  let merged: unknown;
  for (const part of parts[name]) {
    if (!IS_READABLE[name](merged)) break;
    merged = mergedWith(merged, parseLabelSet(body, part));
  }
  return merged;
}

/** An object of strings. Where a name is given twice, a value that is no string stays, whatever follows. */
export function parseLabelSet(body: Buffer, span: ByteRange): unknown {
  const value = parse(body, span);
  if (!isObject(value)) return value;
  let members = 0;
  walkMembers(body, span.start, () => members++);
  return members === Object.keys(value).length ? value : parsePairs(body, span);
}

function parsePairs(body: Buffer, span: ByteRange): unknown {
  const pairs = new Map<string, unknown>();
  walkMembers(body, span.start, (key, value) => {
    const name = textOf(body, key);
    if (isText(pairs.get(name))) pairs.set(name, parse(body, value));
  });
  return Object.fromEntries(pairs);
}

/** The text of a member's name. Of anything else that lies here it would give the value, whatever its type. */
export function textOf(body: Buffer, span: ByteRange): string {
  return parse(body, span) as string;
}

/** Whether Go can read a value into a string. */
export function isText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

function isLabelSet(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && Object.values(value).every(isText));
}

function isTime(value: unknown): boolean {
  return parseTime(value) !== 'invalid';
}

function mergedWith(earlier: unknown, value: unknown): unknown {
  return isObject(earlier) && isObject(value) ? { ...earlier, ...value } : value;
}

function parse(body: Buffer, { start, end }: ByteRange): unknown {
  return JSON.parse(body.toString('utf8', start, end));
}
