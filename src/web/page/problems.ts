import { html, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { table, type Column } from '../../page/table.ts';
import type { Problem } from '../model/cluster.ts';
import { STATES, STATUSES } from '../query/list-query.ts';
import { findProblems, pageOf } from '../query/problems.ts';
import { renderFilterForm, renderPaging } from './filter-form.ts';
import { checkPath, nodePath, renderLayout, statusBadge } from './layout.ts';
import type { PageContext } from './page-context.ts';

/** `/problems`: what is wrong, unhandled first, with what the scripts said. */
export function renderProblems(context: PageContext): string {
  const { view, base } = context;
  const { query } = view;
  const page = pageOf(findProblems(view.snapshots, query), query);
  const canSilence = view.allowed.some(({ name }) => view.viewer.roleIn(name) === 'operator');
  const list = html`${renderPaging(context, 'problems', page)}
  ${problemsTable(context, page.rows, canSilence)}`;
  return renderLayout({
    title: 'Problems',
    at: 'problems',
    view,
    base,
    main: section(
      'problems',
      'Problems',
      renderFilterForm(context, 'problems', [
        { name: 'state', label: 'State', values: STATES, chosen: query.state, hasAll: false },
        { name: 'status', label: 'Status', values: STATUSES, chosen: query.status ?? '', hasAll: true },
      ]),
      canSilence ? silencing(base, list) : list,
    ),
  });
}

// A link with the ticked rows: the next page shows what the silence would be.
function silencing(base: string, list: Html): Html {
  return html`<form class="rows" method="get" action="${base}/silences/new" aria-label="Silence problems">
    ${list}
    <button>Silence what is ticked</button>
  </form>`;
}

/** Problems as a table; with boxes to tick where they may be silenced. */
export function problemsTable(
  { view, base, times }: PageContext,
  rows: readonly Problem[],
  withTicks: boolean,
): Html {
  const about = ({ node, check, alertname }: Problem): string => check || alertname || node || 'alert';
  const tick: Column<Problem> = {
    title: 'Pick',
    cell: (problem) =>
      problem.fingerprint === undefined || view.viewer.roleIn(problem.cluster) !== 'operator'
        ? undefined
        : html`<input
            class="tick"
            type="checkbox"
            name="alert"
            value="${problem.cluster}/${problem.fingerprint}"
            aria-label="Pick ${about(problem)} on ${problem.node}"
          />`,
  };
  const columns: Column<Problem>[] = [
    ...(withTicks ? [tick] : []),
    { title: 'Status', cell: ({ status }) => statusBadge(status) },
    {
      title: 'Node',
      kind: 'head',
      cell: ({ cluster, node }) =>
        node === '' ? '–' : html`<a href="${nodePath(base, cluster, node)}">${node}</a>`,
    },
    {
      title: 'Check',
      kind: 'name',
      cell: (problem) =>
        problem.node === '' || problem.check === ''
          ? html`<a href="${base}/problems?q=${encodeURIComponent(problem.alertname)}&amp;state=all"
              >${about(problem)}</a
            >`
          : html`<a href="${checkPath(base, problem)}">${problem.check}</a
              >${problem.device === '' ? undefined : html` <small>${problem.device}</small>`}`,
    },
    { title: 'Output', kind: 'wide', cell: ({ excerpt }) => html`<samp dir="auto">${excerpt}</samp>` },
    { title: 'Since', isUnclear: true, cell: ({ since }) => times.since(since, view.now) },
    { title: 'State', cell: stateOf },
    { title: 'Cluster', cell: ({ cluster }) => cluster },
    { title: 'Receivers', isUnclear: true, cell: ({ receivers }) => receivers.join(', ') },
  ];
  return table({ name: 'problems', columns, rows, sentence: 'No problem matches.' });
}

function stateOf({ state, note }: Problem): Html {
  const words = state === 'no_alert' ? 'no alert' : state;
  return html`${words}${note === '' ? undefined : html` <small>${note}</small>`}`;
}
