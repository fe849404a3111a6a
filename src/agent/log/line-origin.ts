import type { CheckResult } from '../../checks/result.ts';
import type { ResultOrigin } from '../../checks/result-sink.ts';

/**
 * Who made a result that the runner's log tells of, as far as its line shows. One that a program made and pushed has no
 * command, or has `issued` behind what was sent. One that was relayed, a copy of another client's, looks like a run.
 */
export function originOf({ attributes }: CheckResult): ResultOrigin {
  const keys = Object.keys(attributes);
  const issued = keys.indexOf('issued');
  return 'command' in attributes && issued !== -1 && issued < keys.indexOf('executed') ? 'run' : 'push';
}
