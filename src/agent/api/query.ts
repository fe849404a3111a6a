import type { Request } from 'express';

/** A mistake of the client, with the status to answer and a sentence that says what to change. */
export class RequestError extends Error {
  override name = 'RequestError' as const;
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The text of a query parameter; undefined if it is absent or empty. Throws a RequestError if it is given twice. */
export function queryText({ query }: Request, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new RequestError(400, `"${name}" was given more than once`);
  return value;
}

/** The number of bytes that a query parameter asks for; undefined if it is absent. Throws a RequestError if it is no number. */
export function queryBytes(request: Request, name: string): number | undefined {
  const text = queryText(request, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new RequestError(400, `"${name}" has to be a number of bytes`);
  return Number(text);
}
