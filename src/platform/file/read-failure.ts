import { errorCode } from './error-code.ts';

/** Why the operating system did not let a file be read, in words: `no such file`. */
export function readFailure(error: unknown): string {
  const code = errorCode(error) ?? 'unknown error';
  return { ENOENT: 'no such file', EACCES: 'permission denied', EISDIR: 'it is a folder' }[code] ?? code;
}
