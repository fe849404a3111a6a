import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../../../../src/proxy/api/page/filter.ts';
import { renderPage } from '../../../../../src/proxy/api/page/page.ts';
import type { PageSnapshot } from '../../../../../src/proxy/api/page/snapshot.ts';
import { attributeOf, elementsOf, tableOf, textOf } from '../../../../support/html-outline.ts';
import { enrichment, NOW, snapshotOf } from '../../../../support/page-snapshot.ts';

function render(parts: Partial<PageSnapshot> = {}, query: Record<string, unknown> = {}): string {
  return renderPage({ ...snapshotOf('am-0:9093'), ...parts }, parseFilter(query));
}

const [stormy] = snapshotOf('node-agent').sources;

describe('the tables', () => {
  it('show how each Alertmanager is doing', () => {
    expect(tableOf(render(), 'alertmanagers')[1]).toEqual([
      'am-0:9093',
      'not accepting alerts',
      '3 ms 95 % within 1.3 s',
      '7',
      '1 h ago',
      'am-0:9093 1 s ago',
    ]);
  });

  it('show how each source is doing', () => {
    expect(tableOf(render(), 'sources')[1]).toEqual([
      'am-0:9093',
      '2/min',
      '20 ms 95 % within 900 ms',
      'fresh 3 75 % failed 1 25 % Most nodes do not answer: fetches wait only briefly.',
      '4 timeout',
      '1',
    ]);
  });

  it('draw the shares to scale', () => {
    const widths = elementsOf(render())
      .filter(({ tagName }) => tagName === 'rect')
      .map((rect) => [attributeOf(rect, 'class'), attributeOf(rect, 'x'), attributeOf(rect, 'width')]);

    expect(widths).toEqual([
      ['fresh', '0.00', '75.00'],
      ['failed', '75.00', '25.00'],
    ]);
  });

  it('show the nodes that fail most, and which are left alone', () => {
    const nodes = [1, 5, 3].map((failures) => ({
      ...stormy!.failingNodes[0]!,
      host: `n${failures}`,
      failures,
    }));
    const openCircuits = [{ host: 'n5', reason: 'timeout' as const, until: NOW + 30_000 }];
    const page = render({ sources: [{ ...stormy!, failingNodes: nodes, openCircuits }] });

    expect(tableOf(page, 'nodes').slice(1)).toEqual([
      [
        'n5',
        'node-agent',
        '5 of 9',
        '1 min ago',
        'timeout the node did not answer in time',
        'backing off for 30 s',
      ],
      [
        'n3',
        'node-agent',
        '3 of 9',
        '1 min ago',
        'timeout the node did not answer in time',
        'queried normally',
      ],
      [
        'n1',
        'node-agent',
        '1 of 9',
        '1 min ago',
        'timeout the node did not answer in time',
        'queried normally',
      ],
    ]);
  });

  it('say of a node that is not allowed that nobody asks it', () => {
    const [node] = stormy!.failingNodes;
    const failingNodes = [
      { ...node!, host: 'never:1', failures: 9, lastReason: 'blocked' as const },
      { ...node!, host: 'now-and-then:1', failures: 8, lastReason: 'blocked' as const },
      { ...node!, host: 'down:1', failures: 7, lastReason: 'refused' as const },
    ];

    const rows = tableOf(render({ sources: [{ ...stormy!, failingNodes }] }), 'nodes').slice(1);

    expect(rows.map((cells) => [cells[0], cells.at(-1)])).toEqual([
      ['never:1', 'not allowed'],
      ['now-and-then:1', 'queried normally'],
      ['down:1', 'queried normally'],
    ]);
  });

  it('say what an idle source has none of where the table is folded', () => {
    const idle = { ...stormy!, isStormy: false, fetches: new Map(), results: new Map(), latency: undefined };

    const bare = elementsOf(render({ sources: [idle] })).filter(
      (cell) =>
        cell.tagName === 'td' && textOf(cell) === '–' && attributeOf(cell, 'data-label') === undefined,
    );

    expect(bare).toEqual([]);
  });

  it('show the worst twenty of many nodes, and say so', () => {
    const failingNodes = Array.from({ length: 500 }, (_, index) => ({
      ...stormy!.failingNodes[0]!,
      host: `n${index}`,
    }));
    const page = render({ sources: [{ ...stormy!, failingNodes }] });

    expect(tableOf(page, 'nodes')).toHaveLength(1 + 20);
    expect(page).toContain('The 20 worst of 500 are shown.');
  });

  it('show what became of each alert', () => {
    const enrichments = [
      enrichment(),
      enrichment({
        cache: 'stale',
        reason: 'http_5xx',
        detail: 'HTTP status 503',
        output: undefined,
        status: 'resolved',
      }),
      enrichment({ labels: { alertname: 'NoNode' }, host: undefined, cache: 'failed', reason: 'template' }),
    ];

    expect(tableOf(render({ enrichments }), 'enrichments').slice(1)).toEqual([
      [
        '12 s ago',
        'CheckFailed',
        'web-01',
        'check_disk',
        'node-agent',
        'fresh',
        '34 ms',
        'DISK CRITICAL: /var 97 % used',
      ],
      [
        '12 s ago',
        'CheckFailed resolved',
        'web-01',
        'check_disk',
        'node-agent',
        'stale',
        '34 ms',
        'http_5xx web-01:9470 answered with an error (HTTP status 503)',
      ],
      [
        '12 s ago',
        'NoNode',
        '–',
        '–',
        'node-agent',
        'failed',
        '34 ms',
        "template the alert's labels do not make a URL",
      ],
    ]);
  });

  it('are sentences where there is nothing to show', () => {
    const page = render({ senders: [], refusals: [], alertmanagers: [], sources: [], enrichments: [] });

    expect(elementsOf(page).filter(({ tagName }) => tagName === 'table')).toHaveLength(0);
    expect(page).toContain('No alert has been enriched yet');
  });
});

describe('the filter', () => {
  const enrichments = [
    enrichment(),
    enrichment({ labels: { alertname: 'Ping', client: 'db-01' }, cache: 'failed', reason: 'timeout' }),
    enrichment({ labels: { alertname: 'Raid', client: 'db-02' }, source: 'sensu-core', host: 'core:4567' }),
  ];
  const shown = (query: Record<string, unknown>): (string | undefined)[] =>
    tableOf(render({ enrichments }, query), 'enrichments')
      .slice(1)
      .map((cells) => cells[1]);

  it.each<[string, Record<string, unknown>, string[]]>([
    ['nothing given', {}, ['CheckFailed', 'Ping', 'Raid']],
    ['a part of a label value, in any case', { q: 'DB-0' }, ['Ping', 'Raid']],
    ['a label with its name', { q: 'client=db-02' }, ['Raid']],
    ['several words', { q: ' db  timeout ' }, ['Ping']],
    ['a reason', { q: 'timeout' }, ['Ping']],
    ['a host', { q: 'core:4567' }, ['Raid']],
    ['a source', { source: 'sensu-core' }, ['Raid']],
    ['a result', { result: 'failed' }, ['Ping']],
    ['all three', { q: 'disk', source: 'node-agent', result: 'fresh' }, ['CheckFailed']],
    ['what does not occur', { q: 'nowhere' }, []],
    ['a parameter given twice, which is ignored', { q: ['a', 'b'] }, ['CheckFailed', 'Ping', 'Raid']],
  ])('shows the right ones for %s', (_what, query, expected) => {
    expect(shown(query)).toEqual(expected);
  });

  it('says how many match, keeps the input and leads back to all', () => {
    const page = render({ enrichments }, { q: 'db', source: 'gone' });

    expect(page).toContain('0 of 3 enrichments match');
    expect(page).toContain('value="db"');
    expect(page).toContain('<option value="gone" selected>');
    expect(page).toContain('Show all');
  });

  it('cuts long input', () => {
    expect(parseFilter({ q: 'x'.repeat(5_000) }).text).toHaveLength(200);
  });
});
