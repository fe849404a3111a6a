import type { Request } from 'express';
import { ApiError } from './api-error.ts';

/** The text of a query parameter; undefined if it is absent or empty. Throws an ApiError if it is given twice. */
export function queryText({ query }: Request, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new ApiError(400, `"${name}" was given more than once`);
  return value;
}

/** The number of bytes that a query parameter asks for; undefined if it is absent. Throws an ApiError if it is no number. */
export function queryBytes(request: Request, name: string): number | undefined {
  const text = queryText(request, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new ApiError(400, `"${name}" has to be a number of bytes`);
  return Number(text);
}
