import { COUNTED_MS } from '../../enrich/recent-counts.ts';
import { renderBar, type Share } from './bar.ts';
import { CACHE_STATES } from './filter.ts';
import { formatCount, formatLatency, formatNumber, formatSpan, NOTHING } from './format.ts';
import { html, type Html } from './html.ts';
import { section, table } from './section.ts';
import type { PageSnapshot, SourceSnapshot } from './snapshot.ts';

const MINUTES = COUNTED_MS / 60_000;

export function renderSources({ sources }: PageSnapshot): Html {
  const rows = sources.map(
    (source) =>
      html`<tr>
        <th scope="row">${source.name}</th>
        <td class="number">${renderRate(source)}</td>
        <td class="number">${formatLatency(source.latency)}</td>
        <td class="bars">${renderShares(source)}</td>
        <td>${renderFailures(source)}</td>
        <td class="number">${formatNumber(source.openCircuits.length)}</td>
      </tr> `,
  );
  const columns = ['Source', 'Fetches', 'Latency', 'What alerts carry', 'Failed fetches', 'Nodes left alone'];
  return section(
    'sources',
    'Sources',
    html`<p class="note">
      Of the last ${formatSpan(COUNTED_MS)}. <b>Fresh</b> output was fetched for the alert,
      <b>cached</b> output shortly before; <b>stale</b> is the last known output after a failed fetch;
      <b>failed</b> alerts carry the reason only.
    </p>`,
    table({ name: 'Sources', columns, rows }, 'The configuration has no sources: alerts pass as they come.'),
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
    ([reason, count]) => html`<li>${formatNumber(count)} <code>${reason}</code></li>`,
  );
  return html`<ul aria-label="${formatCount(failures.length, 'reason')}">
    ${items}
  </ul>`;
}
