/** Bytes that a body may have unless `server.max_body` says otherwise. */
export const MAX_BODY = 32 * 1024 * 1024;

/** A batch of one alert, so many bytes long. */
export function batchOf(bytes: number): Buffer {
  const frame = '[{"labels":{"a":""}}]'.length;
  return Buffer.from(`[{"labels":{"a":"${'x'.repeat(bytes - frame)}"}}]`);
}
