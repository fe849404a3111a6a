import type { Request, Response } from 'express';
import type { Decoder } from '../../platform/text/charset.ts';
import { rawText } from '../output.ts';
import type { CheckState } from '../state.ts';
import { ApiError } from './api-error.ts';
import { queryBytes, queryText } from './query.ts';

/**
 * Answers the bytes that a script printed: `?last=non_ok` those of the last result that was not OK, `?max_bytes=` the first
 * of them. Throws an ApiError if there is no such result.
 */
export function sendRawOutput(
  request: Request,
  response: Response,
  { state, decode }: { readonly state: CheckState | undefined; readonly decode: Decoder },
): void {
  const result = wantsLastNonOk(request) ? state?.lastNonOk : state?.result;
  if (result === undefined) throw new ApiError(404, 'no such result');
  const { output } = result;
  const text = rawText(output).subarray(0, queryBytes(request, 'max_bytes'));
  // Without the mark, which is UTF-8 in any case.
  const head = output.head.subarray(0, text.length);
  const { encoding } = decode(head, head.length < output.bytes);
  response.setHeader('Content-Type', `text/plain; charset=${encoding}`);
  response.set({
    'X-Check-Status': String(result.status),
    'X-Check-Executed': String(result.executed),
    'X-Check-Output-Bytes': String(output.bytes),
    'X-Check-Truncated': String(head.length < output.bytes),
  });
  response.send(text);
}

function wantsLastNonOk(request: Request): boolean {
  const last = queryText(request, 'last');
  if (last !== undefined && last !== 'non_ok') throw new ApiError(400, '"last" can only be "non_ok"');
  return last !== undefined;
}
