import { html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { table, type Column } from '../../page/table.ts';
import { summariseChecks, type CheckSummary } from '../query/counts.ts';
import { findNodes, NODE_STATES, type NodeRow } from '../query/nodes.ts';
import { findProblems, pageOf } from '../query/problems.ts';
import { renderFilterForm, renderPaging } from './filter-form.ts';
import { nodeBadge, nodePath, renderLayout } from './layout.ts';
import type { PageContext } from './page-context.ts';

/** `/nodes`: all nodes, those that need somebody first. */
export function renderNodes(context: PageContext): string {
  const { view, base } = context;
  const page = pageOf(findNodes(view.snapshots, view.query), view.query);
  const columns: Column<NodeRow>[] = [
    { title: 'State', cell: ({ state }) => nodeBadge(state) },
    {
      title: 'Node',
      kind: 'head',
      cell: ({ cluster, name }) => html`<a href="${nodePath(base, cluster, name)}">${name}</a>`,
    },
    { title: 'Critical', isUnclear: true, cell: ({ counts }) => counts.unhandled.critical || '' },
    { title: 'Warning', isUnclear: true, cell: ({ counts }) => counts.unhandled.warning || '' },
    { title: 'Unknown', isUnclear: true, cell: ({ counts }) => counts.unhandled.unknown || '' },
    { title: 'Silenced', isUnclear: true, cell: ({ counts }) => counts.silenced || '' },
    { title: 'Checks', isUnclear: true, cell: ({ knownChecks }) => knownChecks ?? '' },
    { title: 'Not reached by', isUnclear: true, cell: ({ missedBy }) => missedBy.join(', ') },
    {
      title: 'Address',
      kind: 'name',
      cell: ({ targets }) => targets.map((labels) => labels['instance'] ?? '').join(', '),
    },
    { title: 'Cluster', cell: ({ cluster }) => cluster },
  ];
  const shows = ['problems', ...NODE_STATES];
  return renderLayout({
    title: 'Nodes',
    at: 'nodes',
    view,
    base,
    main: section(
      'nodes',
      'Nodes',
      renderFilterForm(context, 'nodes', [
        { name: 'show', label: 'Show', values: shows, chosen: view.query.show, hasAll: true },
      ]),
      renderPaging(context, 'nodes', page),
      table({ name: 'nodes', columns, rows: page.rows, sentence: 'No node matches.' }),
    ),
  });
}

/** `/checks`: one row for each check that fails somewhere. */
export function renderChecks(context: PageContext): string {
  const { view, base, times } = context;
  const problems = findProblems(view.snapshots, { ...view.query, state: 'all' });
  const page = pageOf(summariseChecks(problems), view.query);
  const columns: Column<CheckSummary>[] = [
    {
      title: 'Check',
      kind: 'head',
      cell: ({ check }) =>
        html`<a
          href="${base}/problems?state=all&amp;q=${encodeURIComponent(`check=${JSON.stringify(check)}`)}"
          >${check}</a
        >`,
    },
    { title: 'Nodes', isUnclear: true, cell: ({ nodes }) => nodes },
    { title: 'Critical', isUnclear: true, cell: ({ counts }) => counts.critical || '' },
    { title: 'Warning', isUnclear: true, cell: ({ counts }) => counts.warning || '' },
    { title: 'Unknown', isUnclear: true, cell: ({ counts }) => counts.unknown || '' },
    { title: 'Silenced', isUnclear: true, cell: ({ silenced }) => silenced || '' },
    { title: 'Oldest', isUnclear: true, cell: ({ oldest }) => times.since(oldest, view.now) },
  ];
  return renderLayout({
    title: 'Checks',
    at: 'checks',
    view,
    base,
    main: section(
      'checks',
      'Checks that fail',
      renderFilterForm(context, 'checks', []),
      renderPaging(context, 'checks', page),
      table({ name: 'checks', columns, rows: page.rows, sentence: 'No check fails.' }),
    ),
  });
}
