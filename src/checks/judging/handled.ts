import type { KnownCheck } from '../known-checks.ts';

/**
 * Whether people want to be told of a check. Sensu notifies nobody of one with `handle: false`. sensu-client writes that into
 * the result of a command that it could not run, too (a token without a value, or safe mode): such a result has no duration,
 * and somebody should hear of it.
 */
export function isHandled({ definition, state }: KnownCheck): boolean {
  const { handle, command, duration } = state?.result.attributes ?? {};
  const didRun = command === undefined || duration !== undefined;
  return (definition['handle'] ?? (didRun ? handle : undefined)) !== false;
}
