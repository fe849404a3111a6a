import { html, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { table, type Column } from '../../page/table.ts';
import { formatDuration } from '../../platform/time/duration.ts';
import { writeMatchers } from '../merge/silences.ts';
import { pageOf } from '../query/problems.ts';
import {
  countSilences,
  findSilences,
  SILENCE_TABS,
  type SilenceRow,
  type SilenceTab,
} from '../query/silences.ts';
import { renderFilterForm, renderPaging } from './filter-form.ts';
import { renderLayout } from './layout.ts';
import type { PageContext } from './page-context.ts';

const TAB_WORDS: Readonly<Record<SilenceTab, string>> = {
  active: 'active',
  pending: 'pending',
  expired: 'expired',
  ending: 'ending soon',
  unused: 'hits nothing',
};

/** `/silences`: who silenced what, why, until when, and what it hits. `outcome` says what was just done. */
export function renderSilences(context: PageContext, outcome: readonly string[] = []): string {
  const { view, base } = context;
  const tab = SILENCE_TABS.find((known) => known === view.query.show) ?? 'active';
  const page = pageOf(findSilences(view.snapshots, view.query, tab, view.now), view.query);
  const canChange =
    view.allowed.some(({ name }) => view.viewer.roleIn(name) === 'operator') && tab !== 'expired';
  const rows = silencesTable(context, page.rows, canChange);
  return renderLayout({
    title: 'Silences',
    at: 'silences',
    view,
    base,
    main: section(
      'silences',
      'Silences',
      outcome.map((sentence) => html`<p class="verdict" role="status">${sentence}</p> `),
      tabsOf(context, tab),
      renderFilterForm(context, 'silences', [
        { name: 'show', label: 'Show', values: SILENCE_TABS, chosen: tab, hasAll: false },
      ]),
      canChange ? html`<p><a href="${base}/silences/new">New silence</a></p>` : undefined,
      renderPaging(context, 'silences', page),
      canChange ? changing(context, rows) : rows,
    ),
  });
}

function tabsOf({ view, base }: PageContext, current: SilenceTab): Html {
  const counts = countSilences(view.snapshots, view.now);
  return html`<nav class="tabs" aria-label="Kinds of silences">
    ${SILENCE_TABS.map((tab) => {
      const mark = tab === current ? html` aria-current="page"` : undefined;
      return html`<a href="${base}/silences?show=${tab}" ${mark}
        >${TAB_WORDS[tab]} <small>${counts[tab]}</small></a
      > `;
    })}
  </nav>`;
}

function changing({ base, view }: PageContext, rows: Html): Html {
  return html`<form class="rows" method="post" action="${base}/silences/bulk" aria-label="Change silences">
    ${rows}
    <label>
      Extend by
      <select name="by">
        ${view.config.silences.durations.map((duration) => html`<option>${formatDuration(duration)}</option>`)}
      </select>
    </label>
    <button name="action" value="extend">Extend what is ticked</button>
    <button name="action" value="expire">Expire what is ticked</button>
  </form>`;
}

function silencesTable({ view, times }: PageContext, rows: readonly SilenceRow[], canChange: boolean): Html {
  const tick: Column<SilenceRow> = {
    title: 'Pick',
    cell: ({ cluster, silence }) =>
      view.viewer.roleIn(cluster) === 'operator'
        ? html`<input
            class="tick"
            type="checkbox"
            name="id"
            value="${cluster}/${silence.id}"
            aria-label="Pick the silence of ${silence.createdBy}, ${silence.comment}"
          />`
        : undefined,
  };
  const columns: Column<SilenceRow>[] = [
    ...(canChange ? [tick] : []),
    {
      title: 'Silences',
      kind: 'head',
      cell: ({ silence }) => html`<code>${writeMatchers(silence.matchers).join(', ')}</code>`,
    },
    { title: 'By', kind: 'name', cell: ({ silence }) => silence.createdBy },
    { title: 'Comment', kind: 'wide', cell: ({ silence }) => silence.comment },
    { title: 'Ends', isUnclear: true, cell: ({ silence }) => times.moment(silence.endsAt) },
    { title: 'Hits', isUnclear: true, cell: ({ silence }) => silence.hits },
    { title: 'Known to', isUnclear: true, cell: ({ silence }) => knownTo(silence.members) },
    { title: 'Cluster', cell: ({ cluster }) => cluster },
  ];
  return table({ name: 'silences', columns, rows, sentence: 'No silence matches.' });
}

function knownTo(members: SilenceRow['silence']['members']): Html {
  const names = Object.entries(members);
  const missing = names.filter(([, state]) => state === undefined).map(([name]) => name);
  const count = `${names.length - missing.length} of ${names.length}`;
  return missing.length === 0
    ? html`${count}`
    : html`<span class="state failed">${count}, not ${missing.join(', ')}</span>`;
}
