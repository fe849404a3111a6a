import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Lookup, LookupResult, Parts, Query } from '../../../../../src/proxy/enrich/lookup.ts';
import { batched } from '../../../../../src/proxy/enrich/policy/batched.ts';
import type { Reason } from '../../../../../src/proxy/enrich/reason.ts';
import { parseUrlTemplate } from '../../../../../src/platform/http/url-template.ts';
import { createPatience, failure, patient, query, settle, success, textOf } from './stub-lookup.ts';

const one = parseUrlTemplate('http://{instance}/checks/{check}');
const template = parseUrlTemplate('http://{instance}/checks?names={check}');

/** A node that knows every check but `gone`. */
let asked: string[];
let patiences: { readonly exhausted: boolean }[];
let together: LookupResult<Parts> | undefined;
let lookup: Lookup;

beforeEach(() => {
  asked = [];
  patiences = [];
  together = undefined;
  lookup = batched(askOne, askMany, { label: 'check', template });
});

function askOne({ url }: Query): LookupResult {
  asked.push(url);
  return success(`alone: ${url.replace(/.*\//, '')}`, 0);
}

function askMany({ url }: Query, patience: { readonly exhausted: boolean }): Promise<LookupResult<Parts>> {
  asked.push(url);
  patiences.push(patience);
  const names = decodeURIComponent(url.replace(/.*=/, '')).split(',');
  const known = names.filter((name) => name !== 'gone').map((name) => [name, success(name, 0)] as const);
  return Promise.resolve(together ?? { ok: true, output: new Map(known), cached: false });
}

function ask(labels: Record<string, string>, patience = patient): Promise<LookupResult> {
  const expanded = one.expand(labels);
  if (typeof expanded === 'string') throw new Error(expanded);
  return Promise.resolve(lookup(query(expanded.url, { ...expanded, alert: { labels } }), patience));
}

function askAll(...checks: string[]): Promise<LookupResult[]> {
  return Promise.all(checks.map((check) => ask({ instance: 'web-1:9470', check })));
}

describe('batched', () => {
  it('asks once for all checks of a node that are asked for in one go, and hands each its part', async () => {
    const results = await askAll('disk', 'load', 'mail');

    expect(asked).toEqual(['http://web-1:9470/checks?names=disk%2Cload%2Cmail']);
    expect(results.map(textOf)).toEqual(['disk', 'load', 'mail']);
  });

  it('asks for a single check as if there were no batches', async () => {
    const [result] = await askAll('disk');

    expect(asked).toEqual(['http://web-1:9470/checks/disk']);
    expect(textOf(result)).toBe('alone: disk');
  });

  it('asks each node for its own checks', async () => {
    await Promise.all(
      ['web-1:9470', 'web-2:9470'].flatMap((instance) =>
        ['disk', 'load'].map((check) => ask({ instance, check })),
      ),
    );

    expect(asked).toEqual([
      'http://web-1:9470/checks?names=disk%2Cload',
      'http://web-2:9470/checks?names=disk%2Cload',
    ]);
  });

  it('does not wait for those that come later', async () => {
    const first = askAll('disk', 'load');
    await settle();
    await Promise.all([first, askAll('mail', 'ntp')]);

    expect(asked).toHaveLength(2);
  });

  it('asks for 50 checks at once at most', async () => {
    const names = Array.from({ length: 120 }, (_, n) => `check_${n}`);

    const results = await askAll(...names);

    expect(asked).toHaveLength(3);
    expect(results.map(textOf)).toEqual(names);
  });

  it('says of a check that the answer leaves out that the node does not know it', async () => {
    const results = await askAll('disk', 'gone');

    expect(results).toMatchObject([{ ok: true }, { ok: false, reason: 'not_found' }]);
  });

  it.each<Reason>(['not_found', 'http_4xx', 'bad_response', 'too_large'])(
    'asks one by one if the answer is of no use: %s',
    async (reason) => {
      together = failure(reason);

      const results = await askAll('disk', 'load');

      expect(results.map(textOf)).toEqual(['alone: disk', 'alone: load']);
    },
  );

  it.each<Reason>(['timeout', 'refused', 'http_5xx', 'circuit_open', 'overloaded', 'deadline'])(
    'tells all what became of the one request otherwise: %s',
    async (reason) => {
      together = failure(reason);

      const results = await askAll('disk', 'load');

      expect(asked).toHaveLength(1);
      expect(results).toEqual([together, together]);
    },
  );

  it('asks alone for a name that would be taken for two', async () => {
    await askAll('disk', 'load', 'a,b');

    expect(asked.sort()).toEqual([
      'http://web-1:9470/checks/a%2Cb',
      'http://web-1:9470/checks?names=disk%2Cload',
    ]);
  });

  it('asks as long as one of those that asked is waiting', async () => {
    const gone = createPatience();
    const waiting = createPatience();
    await Promise.all(
      [gone, waiting].map((patience, n) => ask({ instance: 'web-1:9470', check: `check_${n}` }, patience)),
    );

    gone.end();
    expect(patiences[0]?.exhausted).toBe(false);
    waiting.end();
    expect(patiences[0]?.exhausted).toBe(true);
  });
});
