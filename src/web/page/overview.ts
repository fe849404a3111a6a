import { formatCount, formatNumber } from '../../page/format.ts';
import { html, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { table, type Column } from '../../page/table.ts';
import type { ClusterSnapshot, UpstreamView } from '../model/cluster.ts';
import { countNodes, countProblems } from '../query/counts.ts';
import { countSilences } from '../query/silences.ts';
import { renderLayout } from './layout.ts';
import type { PageContext } from './page-context.ts';

/** `/`: all clusters at a glance, each server of theirs, and what should not be overlooked. */
export function renderOverview(context: PageContext): string {
  const { view, base } = context;
  return renderLayout({
    title: 'Overview',
    at: '',
    view,
    base,
    main: html`${section('clusters', 'Clusters', clustersTable(context), reminders(context))}
    ${section('servers', 'Servers', serversTable(context))} ${resolvedSection(context)}`,
  });
}

function clustersTable({ view, base, times }: PageContext): Html {
  const of = (snapshot: ClusterSnapshot, query: string): string =>
    `${base}/problems?cluster=${encodeURIComponent(snapshot.name)}&${query}`;
  const columns: Column<ClusterSnapshot>[] = [
    { title: 'Cluster', kind: 'head', cell: (one) => html`<a href="${of(one, '')}">${one.title}</a>` },
    { title: 'Unhandled', cell: unhandledOf },
    {
      title: 'Silenced',
      isUnclear: true,
      cell: ({ problems }) => formatNumber(countProblems(problems).silenced),
    },
    { title: 'Nodes', cell: nodesOf },
    {
      title: 'Silences',
      isUnclear: true,
      cell: (one) => formatNumber(countSilences([one], view.now).active),
    },
    { title: 'Alerting', isUnclear: true, cell: alertingOf },
    {
      title: 'Data of',
      isUnclear: true,
      cell: ({ asOf, isFresh }) =>
        asOf.alerts === undefined
          ? 'nothing known yet'
          : html`<span class="state ${isFresh ? 'fresh' : 'failed'}"
              >${times.since(asOf.alerts, view.now)} ago</span
            >`,
    },
  ];
  const notes = view.snapshots.flatMap(({ title, warnings, isFresh }) =>
    warnings
      .slice(isFresh ? 0 : 1)
      .map(({ sentence }) => html`<p class="warning">${title}: ${sentence}</p> `),
  );
  const sentence = 'No cluster that you may see.';
  return html`${table({ name: 'clusters', columns, rows: view.snapshots, sentence })} ${notes}`;
}

function unhandledOf({ problems, asOf }: ClusterSnapshot): Html {
  // Nothing known is not the same as no problem.
  if (asOf.alerts === undefined) return html`<span class="none">unknown</span>`;
  const { critical, warning, unknown, other } = countProblems(problems).unhandled;
  const parts = [
    { count: critical, name: 'critical', word: 'CRIT' },
    { count: warning, name: 'warning-status', word: 'WARN' },
    { count: unknown, name: 'unknown', word: 'UNKN' },
    { count: other, name: 'other', word: 'ALERT' },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return html`<span class="state fresh">none</span>`;
  return html`${parts.map(({ count, name, word }) => html`<span class="badge ${name}">${formatNumber(count)} ${word}</span> `)}`;
}

function nodesOf(snapshot: ClusterSnapshot): string {
  const { up, down, split, unknown } = countNodes(snapshot);
  const parts = [`${formatNumber(up)} up`];
  if (down > 0) parts.push(`${formatNumber(down)} down`);
  if (split > 0) parts.push(`${formatNumber(split)} split`);
  if (unknown > 0) parts.push(`${formatNumber(unknown)} unknown`);
  return parts.join(', ');
}

function alertingOf({ pipeline }: ClusterSnapshot): string {
  const firing = pipeline.firing === undefined ? '?' : formatNumber(pipeline.firing);
  return `${firing} fire, ${formatNumber(pipeline.known)} known`;
}

function reminders({ view, base }: PageContext): Html {
  const { ending, unused } = countSilences(view.snapshots, view.now);
  const to = (show: string, words: string): Html =>
    html`<a href="${base}/silences?show=${show}">${words}</a> `;
  return html`<p class="pages">
    ${to('ending', `${formatCount(ending, 'silence')} end within 1 h`)}
    ${to('unused', `${unused} match nothing`)}
  </p>`;
}

interface ServerRow {
  readonly cluster: string;
  readonly server: UpstreamView;
}

function serversTable({ view, times }: PageContext): Html {
  const columns: Column<ServerRow>[] = [
    { title: 'Server', kind: 'head', cell: ({ server }) => server.name },
    { title: 'Cluster', cell: ({ cluster }) => cluster },
    {
      title: 'Kind',
      cell: ({ server: { kind, version } }) =>
        `${kind === 'prometheus' ? 'Prometheus' : 'Alertmanager'} ${version ?? ''}`,
    },
    {
      title: 'State',
      kind: 'wide',
      cell: ({ server: { failure, behind, lastAnswerAt } }) => {
        if (failure !== undefined) {
          return html`<span class="state failed"
            >${failure.detail}, ${formatCount(failure.times, 'time')} since
            ${times.moment(failure.since)}</span
          >`;
        }
        if (behind !== undefined) return html`<span class="state stale">behind: ${behind}</span>`;
        return lastAnswerAt === undefined ? 'not asked yet' : html`<span class="state fresh">answers</span>`;
      },
    },
    {
      title: 'Last answer',
      isUnclear: true,
      cell: ({ server }) => html`${times.since(server.lastAnswerAt, view.now)} ago`,
    },
  ];
  const rows = view.snapshots.flatMap(({ name, upstreams }) =>
    upstreams.map((server) => ({ cluster: name, server })),
  );
  return table({ name: 'servers', columns, rows, sentence: 'No server is known.' });
}

function resolvedSection({ view, times }: PageContext): Html | undefined {
  const rows = view.snapshots
    .flatMap(({ name, resolved }) => resolved.map((one) => ({ cluster: name, ...one })))
    .toSorted((one, other) => other.at - one.at)
    .slice(0, 20);
  if (rows.length === 0) return undefined;
  const list = rows.map(
    ({ cluster, alert, at }) =>
      html`<li>
        ${times.since(at, view.now)} ago, ${cluster}:
        ${Object.entries(alert.labels).map(([name, value]) => html`<code>${name}=${value}</code> `)}
      </li> `,
  );
  return section(
    'resolved',
    'Recently resolved, as seen by this page',
    html`<ul>
      ${list}
    </ul>`,
  );
}
