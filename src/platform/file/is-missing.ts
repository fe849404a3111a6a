import { stat } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** Whether a path does not exist. A path that cannot be examined for another reason counts as existing. */
export async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}
