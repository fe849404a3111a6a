import { expect, it } from '@jest/globals';
import { EvictionLog } from '../../../src/checks/eviction-log.ts';
import { checkResult } from '../../support/check-result.ts';
import { createRecordedLog } from '../../support/recorded-log.ts';

it('tells of what did not fit at once, then once for all that came meanwhile', () => {
  const { log, lines } = createRecordedLog();
  const bounds = new EvictionLog(log);

  for (const name of ['one', 'two', 'three']) {
    bounds.noteEvicted(checkResult({ name }));
    bounds.noteResult(checkResult({ name, leftOut: 2 }));
  }
  bounds.noteResult(checkResult({ name: 'small' }));
  bounds.flush();

  const told = ['check=one results=1', 'check=three results=2'];
  expect(lines('too many checks, those that were silent longest are forgotten')).toEqual(told);
  expect(lines('too large a result, the largest of its attributes are left out')).toEqual(told);
});
