import { describe, expect, it } from '@jest/globals';
import { nextState, type CheckState } from '../../../src/checks/state.ts';
import { checkResult } from '../../support/check-result.ts';

// Results one minute apart.
function after(...statuses: number[]): CheckState {
  let state: CheckState | undefined;
  statuses.forEach((status, n) => {
    state = nextState(state, checkResult({ status, executed: n * 60, output: `run ${n}` }), {
      ranAt: n,
      reading: undefined,
      origin: undefined,
    });
  });
  return state!;
}

describe('nextState', () => {
  it.each([
    ['is 1 for a first failure', [2], 1, 1],
    ['grows while the status stays', [0, 1, 1, 1], 3, 3],
    ['starts anew when a warning becomes critical, but the watermark stays', [1, 1, 1, 2], 1, 3],
    ['raises the watermark when the new status lasts longer', [1, 1, 2, 2, 2], 3, 3],
    ['is kept on resolve', [1, 1, 1, 0], 3, 3],
    ['is kept while all stays well', [1, 1, 1, 0, 0, 0], 3, 3],
    ['starts anew with the next event, and so does the watermark', [1, 1, 1, 0, 2], 1, 1],
    ['is 1 for a check that never failed', [0, 0, 0], 1, 1],
  ])('counts occurrences as Sensu does: it %s', (_, statuses, occurrences, occurrencesWatermark) => {
    expect(after(...statuses)).toMatchObject({ occurrences, occurrencesWatermark });
  });

  it('keeps the last 21 statuses, the newest last', () => {
    const statuses = Array.from({ length: 30 }, (_, n) => n);

    expect(after(...statuses).history).toEqual(statuses.slice(-21));
  });

  it('knows since when the status has been what it is', () => {
    expect(after(0, 1, 1, 1).lastStateChange).toBe(60);
    expect(after(0, 1, 2).lastStateChange).toBe(120);
    expect(after(1, 1, 0, 0).lastStateChange).toBe(120);
  });

  it('knows when all was well last', () => {
    expect(after(1, 1).lastOk).toBeUndefined();
    expect(after(0, 0, 1, 1).lastOk).toBe(60);
    expect(after(1, 0).lastOk).toBe(60);
  });

  it('remembers the last result that was not OK', () => {
    expect(after(0).lastNonOk).toBeUndefined();
    expect(after(0, 1, 2, 0, 0).lastNonOk).toMatchObject({ status: 2, executed: 120 });
    expect(after(0, 1, 2, 0, 0).lastNonOk?.output.head.toString()).toBe('run 2');
    expect(after(0, 1).lastNonOk).toMatchObject({ status: 1, executed: 60 });
  });
});
