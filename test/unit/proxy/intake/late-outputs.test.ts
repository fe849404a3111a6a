import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Alert } from '../../../../src/proxy/alert/alert.ts';
import { FieldCache } from '../../../../src/proxy/alert/field-cache.ts';
import { parseBatch } from '../../../../src/proxy/alert/parse.ts';
import type { Enriched, Enrichment } from '../../../../src/proxy/enrich/enricher.ts';
import { LateOutputs, type LateAlert } from '../../../../src/proxy/intake/late-outputs.ts';
import { encodeBatch, firing } from '../../../support/alert-builder.ts';
import { failure, success } from '../enrich/policy/stub-lookup.ts';

const WINDOW = 5_000;

let details: LateOutputs;
let sent: LateAlert[][];

beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  details = new LateOutputs({
    now: Date.now,
    monotonic: () => performance.now(),
    send: (alerts) => sent.push([...alerts]),
  });
});

afterEach(() => {
  jest.useRealTimers();
});

function alert(name: string, endsIn = 240_000, annotations: Record<string, string> = {}): Alert {
  const endsAt = new Date(Date.now() + endsIn).toISOString();
  const body = encodeBatch([firing({ alertname: name }, { endsAt, annotations })]);
  const [parsed] = parseBatch(body, new FieldCache()).alerts;
  if (parsed === undefined) throw new Error(`no alert in ${body.toString()}`);
  return parsed;
}

/** What was asked for an alert whose answer is still under way; `answer` brings it. */
function underWay(status: Enriched['status'] = 'firing'): {
  enrichment: Enrichment;
  answer: (ok: boolean) => void;
} {
  const rule = {
    source: 'node-agent',
    id: 'node-agent',
    matchers: [],
    template: { labels: [], expand: () => '' },
    resolved: 'fetch' as const,
    overwrite: false,
    outputAnnotation: 'check_output',
    lookup: () => failure('deadline'),
    lastKnown: () => undefined,
  };
  const asked: Enriched = {
    kind: 'asked',
    rule,
    status,
    query: undefined,
    result: failure('deadline'),
    milliseconds: 2000,
  };
  const { promise: late, resolve } = defer<Enriched>();
  return {
    enrichment: { ...asked, late },
    answer: (ok) => {
      const result = ok ? success('late', Date.now()) : failure('connect_timeout');
      resolve({ ...asked, result });
    },
  };
}

function defer<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A batch of one alert has left. */
function left(one: Alert, enrichment: Enrichment = { kind: 'unmatched' }, window = WINDOW): Promise<void> {
  details.watch(Buffer.alloc(0), [one], [enrichment], window);
  return Promise.resolve();
}

const names = (): string[][] =>
  sent.map((alerts) => alerts.map(({ alert: { labels } }) => labels['alertname'] ?? ''));

describe('LateDetails', () => {
  it('sends what comes within the window, all in one go', async () => {
    const [disk, load] = [underWay(), underWay()];
    details.watch(
      Buffer.alloc(0),
      [alert('Disk'), alert('Swap'), alert('Load')],
      [disk.enrichment, { kind: 'unmatched' }, load.enrichment],
      WINDOW,
    );
    disk.answer(true);
    await jest.advanceTimersByTimeAsync(10);
    load.answer(true);
    await jest.advanceTimersByTimeAsync(100);

    expect(names()).toEqual([['Disk', 'Load']]);
  });

  it.each<{ name: string; happens: (disk: ReturnType<typeof underWay>) => Promise<unknown> }>([
    { name: 'the window is over', happens: () => jest.advanceTimersByTimeAsync(WINDOW + 1) },
    { name: 'its resolved state has left', happens: () => left(alert('Disk', 0)) },
    {
      name: 'its resolved state has left, with annotations too large to be read',
      happens: () => left(alert('Disk', 0, { junk: 'j'.repeat(300_000) })),
    },
    { name: 'a newer firing state has left', happens: () => left(alert('Disk')) },
    {
      name: 'a newer state has left after a reload switched the window off',
      happens: () => left(alert('Disk'), undefined, 0),
    },
    {
      name: 'a newer state has left that waits for its own answer',
      happens: () => left(alert('Disk'), underWay().enrichment),
    },
    {
      name: 'a newer state leaves just after the answer has come',
      happens: async (disk) => {
        disk.answer(true);
        await jest.advanceTimersByTimeAsync(10);
        await left(alert('Disk'), underWay().enrichment);
      },
    },
  ])('sends nothing when $name', async ({ happens }) => {
    const disk = underWay();
    await left(alert('Disk'), disk.enrichment);
    await happens(disk);
    disk.answer(true);
    await jest.advanceTimersByTimeAsync(100);

    expect(sent).toEqual([]);
  });

  it.each([
    { name: 'whose output still did not come', endsIn: 240_000, status: 'firing' as const, ok: false },
    { name: 'that was resolved', endsIn: 0, status: 'resolved' as const, ok: true },
    { name: 'that expires meanwhile', endsIn: 20, status: 'firing' as const, ok: true },
  ])('sends no alert $name', async ({ endsIn, status, ok }) => {
    const disk = underWay(status);
    await left(alert('Disk', endsIn), disk.enrichment);
    disk.answer(ok);
    await jest.advanceTimersByTimeAsync(100);

    expect(sent).toEqual([]);
  });

  it('sends the newer state when its own answer is late', async () => {
    const [first, second] = [underWay(), underWay()];
    await left(alert('Disk'), first.enrichment);
    const newer = alert('Disk');
    await left(newer, second.enrichment);
    first.answer(true);
    second.answer(true);
    await jest.advanceTimersByTimeAsync(100);

    expect(sent.flat().map((late) => late.alert)).toEqual([newer]);
  });
});
