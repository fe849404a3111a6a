import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LookupResult } from '../../../../src/proxy/enrich/lookup.ts';
import type { Reason } from '../../../../src/proxy/enrich/reason.ts';
import { SourceOutage } from '../../../../src/proxy/activity/source-outage.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';

describe('SourceOutage', () => {
  let now: number;
  let recorded: RecordedLog;
  let outage: SourceOutage;

  beforeEach(() => {
    now = 0;
    recorded = createRecordedLog();
    outage = new SourceOutage({ source: 'node-agent', log: recorded.log, now: () => now });
  });

  function logged(): string[] {
    return recorded.text().match(/(?<=^time=\S+ ).+/gm) ?? [];
  }

  function fail(times: number, reason: Reason = 'refused'): void {
    for (let time = 0; time < times; time += 1) outage.fetched('db-1:9470', failure(reason));
  }

  it('says at once that none has succeeded yet, and once', () => {
    fail(100, 'blocked');

    expect(logged()).toEqual([
      'level=WARN msg="no fetch of this source has succeeded yet" source=node-agent nodes=1 node=db-1:9470 reason=blocked err="a word"',
    ]);
  });

  it('says nothing of failures between successes', () => {
    outage.fetched('db-2:9470', OK);
    for (let minute = 0; minute < 10; minute += 1) {
      now += 60_000;
      fail(50);
      outage.fetched('db-2:9470', OK);
    }

    expect(logged()).toEqual([]);
  });

  it('says when nothing has succeeded for a minute, and when something does again', () => {
    outage.fetched('db-2:9470', OK);
    fail(50);
    now += 60_000;
    fail(50, 'timeout');
    outage.fetched('db-2:9470', OK);

    expect(logged()).toEqual([
      'level=WARN msg="fetches of this source fail" source=node-agent nodes=1 node=db-1:9470 reason=timeout err="a word"',
      'level=INFO msg="fetches of this source succeed" source=node-agent failures=100',
    ]);
  });

  it('takes two failures for an accident', () => {
    outage.fetched('db-2:9470', OK);
    fail(1);
    now += 60_000;
    fail(1);

    expect(logged()).toEqual([]);
  });
});

const OK: LookupResult<unknown> = { ok: true, cached: false, output: undefined };

function failure(reason: Reason): LookupResult<unknown> {
  return { ok: false, reason, detail: 'a word' };
}
