import { wordsOf } from '../../enrich/failure-annotations.ts';
import type { RecentEnrichment } from '../../activity/recent-enrichments.ts';
import { alertPage } from '../../../alertmanager-api/page-links.ts';
import { createMatch, isEmpty, type Filter } from './filter.ts';
import { renderFilterForm } from './filter-form.ts';
import { cut, formatAgo, formatCount, formatSpan, NOTHING } from '../../../page/format.ts';
import { html, link, type Content, type Html } from '../../../page/html.ts';
import { section } from '../../../page/section.ts';
import type { PageSnapshot } from './snapshot.ts';
import { table, type Column } from '../../../page/table.ts';

const MAX_NAME = 60;
const MAX_TEXT = 200;
/** As long as an annotation is by default. */
const MAX_OUTPUT = 4096;

export function renderEnrichments(snapshot: PageSnapshot, filter: Filter): Html {
  const { enrichments } = snapshot;
  const rows = enrichments.filter(createMatch(filter));
  const count = isEmpty(filter)
    ? formatCount(rows.length, 'enrichment')
    : `${rows.length} of ${formatCount(enrichments.length, 'enrichment')} match`;
  const name = 'Last enrichments';
  const sentence = isEmpty(filter)
    ? 'No alert has been enriched yet: none came, or none matched a source.'
    : 'None matches the filter.';
  return section(
    'enrichments',
    name,
    renderFilterForm(snapshot, filter),
    html`<p class="note" role="status">
      ${count}, the newest first. The alert’s name leads to it in Alertmanager.
    </p>`,
    table({ name, columns: columnsOf(snapshot), rows, sentence }),
  );
}

function columnsOf({ alertmanagers, now }: PageSnapshot): Column<RecentEnrichment>[] {
  // All of them have all alerts; one that works is the better place to look.
  const alertmanager = (alertmanagers.find(({ isFailing }) => !isFailing) ?? alertmanagers[0])?.url;
  return [
    { title: 'When', cell: ({ at }) => formatAgo(at, now) },
    { title: 'Alert', kind: 'head', cell: (enrichment) => renderAlert(enrichment, alertmanager) },
    {
      title: 'Node',
      kind: 'name',
      cell: ({ labels, host }) => nameOrNothing(labels['client'] ?? host ?? labels['instance']),
    },
    { title: 'Check', kind: 'name', cell: ({ labels }) => nameOrNothing(labels['check']) },
    { title: 'Source', cell: ({ source }) => source },
    { title: 'Result', cell: ({ cache }) => html`<span class="state ${cache}">${cache}</span>` },
    { title: 'Took', cell: ({ milliseconds }) => formatSpan(milliseconds) },
    { title: 'Output or reason', kind: 'wide', cell: renderOutcome },
  ];
}

function nameOrNothing(text = ''): Content {
  return text === '' ? NOTHING : cut(text, MAX_NAME);
}

// A resolved alert is not in Alertmanager's list any more.
function renderAlert(
  { alertname, labels, status }: RecentEnrichment,
  alertmanager: string | undefined,
): Html {
  const name = alertname === '' ? '(without a name)' : cut(alertname, MAX_NAME);
  if (status === 'resolved') return html`${name} <small>resolved</small>`;
  return alertmanager === undefined ? html`${name}` : link(alertPage(alertmanager, labels), name);
}

function renderOutcome({ reason, detail, host, output, text }: RecentEnrichment): Html {
  if (reason === undefined) return withText(html`<samp>${output}</samp>`, text);
  return withText(html`<code>${reason}</code> ${cut(wordsOf(reason, { host, detail }), MAX_TEXT)}`, text);
}

// One line says it all; more is behind a click.
function withText(summary: Html, text = ''): Html {
  if (!text.trim().includes('\n') && text.length <= MAX_TEXT) return summary;
  return html`<details>
    <summary>${summary}</summary>
    <pre>${cut(text, MAX_OUTPUT)}</pre>
  </details>`;
}
