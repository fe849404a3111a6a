/** Serving cannot start; the message says why and what to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}
