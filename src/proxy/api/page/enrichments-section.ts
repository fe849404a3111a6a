import { wordsOf } from '../../enrich/note.ts';
import type { RecentEnrichment } from '../../enrich/recent.ts';
import { alertPage } from './alertmanager-link.ts';
import { createMatch, isEmpty, type Filter } from './filter.ts';
import { renderFilterForm } from './filter-form.ts';
import { cut, formatAgo, formatCount, formatSpan, NOTHING } from './format.ts';
import { html, link, type Html } from './html.ts';
import { section, table } from './section.ts';
import type { PageSnapshot } from './snapshot.ts';

const MAX_TEXT = 120;

export function renderEnrichments(snapshot: PageSnapshot, filter: Filter): Html {
  const { enrichments, alertmanagers, now } = snapshot;
  const shown = enrichments.filter(createMatch(filter));
  // All of them have all alerts; one that works is the better place to look.
  const alertmanager = (alertmanagers.find(({ isFailing }) => !isFailing) ?? alertmanagers[0])?.url;
  const rows = shown.map((enrichment) => renderRow(enrichment, alertmanager, now));
  const columns = ['When', 'Alert', 'Node', 'Check', 'Source', 'Result', 'Took', 'Output or reason'];
  const count = isEmpty(filter)
    ? formatCount(shown.length, 'enrichment')
    : `${shown.length} of ${formatCount(enrichments.length, 'enrichment')} match`;
  return section(
    'enrichments',
    'Last enrichments',
    renderFilterForm(snapshot, filter),
    html`<p class="note" role="status">
      ${count}, the newest first. The alert’s name leads to it in Alertmanager.
    </p>`,
    table({ name: 'Last enrichments', columns, rows }, isEmpty(filter) ? NOTHING_YET : NO_MATCH),
  );
}

const NOTHING_YET = 'No alert has been enriched yet: none came, or none matched a source.';
const NO_MATCH = 'None matches the filter.';

function renderRow(enrichment: RecentEnrichment, alertmanager: string | undefined, now: number): Html {
  const { at, labels, host, source, cache, milliseconds } = enrichment;
  return html`<tr>
    <td>${formatAgo(at, now)}</td>
    <th scope="row">${renderAlert(enrichment, alertmanager)}</th>
    <td>${textOrNothing(labels['client'] ?? host ?? labels['instance'])}</td>
    <td>${textOrNothing(labels['check'])}</td>
    <td>${source}</td>
    <td><span class="state ${cache}">${cache}</span></td>
    <td class="number">${formatSpan(milliseconds)}</td>
    <td class="wide">${renderOutcome(enrichment)}</td>
  </tr> `;
}

// A resolved alert is not in Alertmanager's list any more.
function renderAlert(
  { alertname, labels, status }: RecentEnrichment,
  alertmanager: string | undefined,
): Html {
  const name = alertname === '' ? '(without a name)' : cut(alertname, MAX_TEXT);
  if (status === 'resolved') return html`${name} <small>resolved</small>`;
  return alertmanager === undefined ? html`${name}` : link(alertPage(alertmanager, labels), name);
}

function renderOutcome({ reason, detail, output }: RecentEnrichment): Html {
  if (reason === undefined) return html`<samp>${cut(output ?? '', MAX_TEXT)}</samp>`;
  return html`<code>${reason}</code> ${cut(wordsOf(reason, detail), 2 * MAX_TEXT)}`;
}

function textOrNothing(text = ''): Html {
  return text === '' ? NOTHING : html`${cut(text, MAX_TEXT)}`;
}
