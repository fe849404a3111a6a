import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../../../../src/proxy/api/page/filter.ts';
import { renderPage } from '../../../../../src/proxy/api/page/page.ts';
import type { Reason } from '../../../../../src/proxy/enrich/reason.ts';
import type { AlertResult } from '../../../../../src/proxy/activity/result-counts.ts';
import type { PageSnapshot } from '../../../../../src/proxy/api/page/snapshot.ts';
import { attributeOf, elementsOf, textOf } from '../../../../support/html-outline.ts';
import { NOW, snapshotOf } from '../../../../support/page-snapshot.ts';

function render(parts: Partial<PageSnapshot>): string {
  return renderPage({ ...snapshotOf('am-0:9093'), ...parts }, parseFilter({}));
}

function verdictOf(page: string): string {
  const verdict = elementsOf(page).find((element) => attributeOf(element, 'class')?.startsWith('verdict'));
  return verdict === undefined ? '' : textOf(verdict);
}

const [failing] = snapshotOf('am-0:9093').alertmanagers;
const [stormy] = snapshotOf('node-agent').sources;
const calm = {
  sources: [],
  refusals: [],
  configuration: { file: 'f', loadedAt: NOW, problem: undefined, effective: '' },
};

describe('the first line of the page', () => {
  it.each<[string, Partial<PageSnapshot>, string]>([
    [
      'nothing has happened yet',
      { alertmanagers: [{ ...failing!, isFailing: false, lastAcceptedAt: undefined }] },
      'Ready. No alert has been sent yet.',
    ],
    [
      'all is well',
      { alertmanagers: [{ ...failing!, isFailing: false }] },
      'Ready. The Alertmanager accepts alerts.',
    ],
    [
      'an Alertmanager is down',
      { alertmanagers: [failing!, { ...failing!, isFailing: false }] },
      '1 of 2 Alertmanagers is not accepting alerts.',
    ],
    [
      'a sender has the wrong password',
      {
        alertmanagers: [{ ...failing!, isFailing: false }],
        refusals: [
          { reason: 'no_password', address: '10.0.0.8', requests: 1, lastAt: NOW },
          { reason: 'password', address: '10.0.0.9', requests: 2, lastAt: NOW - 10_000 },
        ],
      },
      '10.0.0.9 is turned away: wrong user or password.',
    ],
    [
      'nothing comes any more',
      {
        alertmanagers: [{ ...failing!, isFailing: false }],
        senders: [{ address: '10.0.0.9', batches: 3, lastBatchAt: NOW - 12 * 60_000, lastCode: 200 }],
      },
      'No batch has come for 12 min.',
    ],
    ['no Alertmanager is known', { alertmanagers: [] }, 'No Alertmanager is known.'],
    [
      'the proxy drains',
      { alertmanagers: [{ ...failing!, isFailing: false }], isReady: false },
      'The proxy is starting or draining: it is not ready.',
    ],
    [
      'batches were refused',
      {
        alertmanagers: [{ ...failing!, isFailing: false }],
        overload: { refusedBatches: 1200, unaskedAlerts: 0 },
      },
      'Overload: batches refused within 5 min: 1,200. They were not forwarded.',
    ],
    [
      'there was no room to ask about alerts',
      {
        alertmanagers: [{ ...failing!, isFailing: false }],
        overload: { refusedBatches: 0, unaskedAlerts: 1 },
      },
      'Overload: within 5 min no node was asked about 1 alert.',
    ],
    [
      'a source is in a storm',
      { alertmanagers: [{ ...failing!, isFailing: false }], sources: [stormy!] },
      'Most nodes of node-agent do not answer.',
    ],
    [
      'most alerts of a source get no output',
      {
        alertmanagers: [{ ...failing!, isFailing: false }],
        sources: [
          {
            ...stormy!,
            isStormy: false,
            fetches: new Map<Reason | 'ok', number>([
              ['ok', 9],
              ['refused', 8],
              ['blocked', 1],
            ]),
            results: new Map<AlertResult, number>([
              ['cached', 2],
              ['failed', 9],
            ]),
            reasons: new Map<Reason, number>([
              ['refused', 3],
              ['circuit_open', 9],
              ['blocked', 6],
            ]),
          },
        ],
      },
      'Most alerts of node-agent get no output, mostly: blocked.',
    ],
    [
      'a source fails less often than not',
      {
        alertmanagers: [{ ...failing!, isFailing: false }],
        sources: [
          {
            ...stormy!,
            isStormy: false,
            results: new Map<AlertResult, number>([
              ['cached', 3],
              ['stale', 3],
            ]),
          },
        ],
      },
      'Ready. The Alertmanager accepts alerts.',
    ],
  ])('says when %s', (_when, parts, expected) => {
    expect(verdictOf(render({ ...calm, ...parts }))).toBe(expected);
  });

  it('says when the file could not be loaded again, and the section says why', () => {
    const page = render({
      ...calm,
      configuration: { ...calm.configuration, problem: 'line 3: no such key' },
    });

    expect(verdictOf(page)).toContain(
      'configuration file could not be loaded again; the old one is in force',
    );
    expect(page).toContain('line 3: no such key');
  });
});
