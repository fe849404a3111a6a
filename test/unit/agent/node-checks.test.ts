import { describe, expect, it } from '@jest/globals';
import { NODE_BOUNDS, NodeChecks } from '../../../src/agent/node-checks.ts';
import { NO_DEFINITIONS } from '../../../src/checks/definitions.ts';
import { CheckStore } from '../../../src/checks/store.ts';
import { checkResult } from '../../support/check-result.ts';

function createChecks(): NodeChecks {
  const clock = { now: () => 1_000_000, elapsed: () => 0 };
  return new NodeChecks(new CheckStore({ clock, onEvicted: () => undefined, bounds: NODE_BOUNDS }));
}

describe('NodeChecks', () => {
  it('shows a check once after the node was renamed', () => {
    const checks = createChecks();

    checks.apply(checkResult({ client: 'old', executed: 10, status: 2 }));
    checks.apply(checkResult({ client: 'new', executed: 20, status: 0 }));

    expect(checks.list(NO_DEFINITIONS).map(({ state }) => state?.result.client)).toEqual(['new']);
    expect(checks.client).toBe('new');
  });

  it('does not take its name from an old result', () => {
    const checks = createChecks();

    checks.apply(checkResult({ client: 'new', executed: 20 }));
    checks.apply(checkResult({ client: 'new', executed: 10 }));
    checks.apply(checkResult({ client: '', executed: 30 }));

    expect(checks.client).toBe('new');
  });
});
