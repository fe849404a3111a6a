import type { View } from '../api/view.ts';
import type { Times } from './times.ts';

/** What every page is made of. */
export interface PageContext {
  readonly view: View;
  /** What stands before all paths: empty, or such as `/web`. */
  readonly base: string;
  readonly times: Times;
}
