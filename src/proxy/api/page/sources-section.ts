import { CACHE_STATES } from '../../activity/cache-state.ts';
import { COUNTED_MS } from '../../activity/recent-counts.ts';
import { renderBar, type Share } from '../../../page/bar.ts';
import { formatCount, formatLatency, formatNumber, formatSpan, NOTHING } from '../../../page/format.ts';
import { html, type Html } from '../../../page/html.ts';
import { section } from '../../../page/section.ts';
import type { PageSnapshot, SourceSnapshot } from './snapshot.ts';
import { table, type Column } from '../../../page/table.ts';

const MINUTES = COUNTED_MS / 60_000;

const COLUMNS: readonly Column<SourceSnapshot>[] = [
  { title: 'Source', kind: 'head', cell: ({ name }) => name },
  { title: 'Fetches', isUnclear: true, cell: renderRate },
  { title: 'Latency', isUnclear: true, cell: ({ latency }) => formatLatency(latency) },
  { title: 'Alert outcomes', kind: 'wide', isUnclear: true, cell: renderShares },
  { title: 'Failed fetches', isUnclear: true, cell: renderFailures },
  {
    title: 'Nodes backing off',
    isUnclear: true,
    cell: ({ openCircuits }) => formatNumber(openCircuits.length),
  },
];

export function renderSources({ sources }: PageSnapshot): Html {
  const name = 'Sources';
  const sentence = 'The configuration has no sources: alerts pass as they come.';
  return section(
    'sources',
    name,
    html`<p class="note">
      Of the last ${formatSpan(COUNTED_MS)}. <b>Fresh</b> output was fetched for the alert,
      <b>cached</b> output shortly before; <b>stale</b> is the last known output after a failed fetch;
      <b>failed</b> alerts carry the reason only.
    </p>`,
    table({ name, columns: COLUMNS, rows: sources, sentence }),
  );
}

function renderRate({ fetches }: SourceSnapshot): Html {
  const all = [...fetches.values()].reduce((sum, count) => sum + count, 0);
  return html`${formatNumber(all / MINUTES)}<small>/min</small>`;
}

function renderShares({ results, isStormy }: SourceSnapshot): Html {
  const shares: Share[] = CACHE_STATES.map((state) => ({ name: state, count: results.get(state) ?? 0 }));
  const storm = isStormy
    ? html`<p class="warning">Most nodes do not answer: fetches wait only briefly.</p>`
    : undefined;
  return html`${renderBar(shares)}${storm}`;
}

function renderFailures({ fetches }: SourceSnapshot): Html {
  const failures = [...fetches].filter(([reason]) => reason !== 'ok').sort(([, a], [, b]) => b - a);
  if (failures.length === 0) return NOTHING;
  const items = failures.map(
    ([reason, count]) => html`<li>${formatNumber(count)} <code>${reason}</code></li> `,
  );
  return html`<ul aria-label="${formatCount(failures.length, 'reason')}">
    ${items}
  </ul>`;
}
