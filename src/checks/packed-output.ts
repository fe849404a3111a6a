import { isObject } from '../platform/json/is-object.ts';
import type { CheckOutput } from './output.ts';

/** An output as JSON holds it. Base64, because what a script prints need not be UTF-8. */
export interface PackedOutput {
  readonly head: string;
  readonly tail: string;
  readonly bytes: number;
}

/** Makes an output fit for JSON. */
export function packOutput({ head, tail, bytes }: CheckOutput): PackedOutput {
  return { head: head.toString('base64'), tail: tail.toString('base64'), bytes };
}

/** Reads what `packOutput` made; throws if it is something else. */
export function unpackOutput(packed: unknown): CheckOutput {
  const { head, tail, bytes } = isObject(packed) ? packed : {};
  if (typeof head !== 'string' || typeof tail !== 'string') throw new Error('an output is damaged');
  if (!Number.isSafeInteger(bytes) || Number(bytes) < 0) throw new Error('an output is damaged');
  return { head: Buffer.from(head, 'base64'), tail: Buffer.from(tail, 'base64'), bytes: Number(bytes) };
}
