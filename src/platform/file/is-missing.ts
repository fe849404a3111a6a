import { stat } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** Whether nothing is at a path. What cannot be looked at for another reason is there. */
export async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}
