import { errorCode } from './error-code.ts';

/** Describes why a file could not be read, such as `no such file`. */
export function readFailure(error: unknown): string {
  const code = errorCode(error) ?? 'unknown error';
  return { ENOENT: 'no such file', EACCES: 'permission denied', EISDIR: 'it is a folder' }[code] ?? code;
}
