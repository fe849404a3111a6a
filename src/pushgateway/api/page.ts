import type { Request } from 'express';
import { renderDocument } from '../../page/document.ts';
import { formatAgo, formatCount } from '../../page/format.ts';
import { html, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { table, type Column } from '../../page/table.ts';
import { version } from '../../platform/file/package-files.ts';
import type { GroupStore } from '../groups/group-store.ts';
import type { Group } from '../groups/group.ts';
import { queryText } from '../../checks/api/query.ts';

interface PageOptions {
  readonly groups: GroupStore;
  readonly telemetryPath: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const PER_PAGE = 100;

/** The page for people: what was pushed, failed pushes first. `?q=` searches labels, `?page=` counts from 1. */
export function renderPage({ groups, telemetryPath, now }: PageOptions, request: Request): string {
  const wanted = queryText(request, 'q')?.toLowerCase() ?? '';
  const page = Math.max(1, Math.floor(Number(queryText(request, 'page') ?? 1)) || 1);
  const found = groups
    .all()
    .filter((group) => wanted === '' || describeLabels(group).toLowerCase().includes(wanted));
  const shown = found
    .sort((one, other) => Number(hasFailed(other)) - Number(hasFailed(one)) || other.pushTime - one.pushTime)
    .slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return renderDocument({
    title: 'Pushgateway',
    skipTo: 'groups',
    header: html`<header>
      <h1>Pushgateway</h1>
      <p>
        ${formatCount(groups.size, 'group')}, ${formatCount(groups.index.series, 'metric')};
        <a href="${telemetryPath.slice(1)}">${telemetryPath}</a>,
        <a href="api/v1/metrics">/api/v1/metrics</a>, <a href="api/v1/status">/api/v1/status</a>;
        alertmanager-proxy pushgateway ${version}
      </p>
    </header>`,
    main: section(
      'groups',
      'Groups',
      renderSearch(wanted),
      renderGroups(shown, now()),
      renderPages(found.length, page, wanted),
    ),
  });
}

function renderSearch(wanted: string): Html {
  return html`<form method="get">
    <label>Labels that contain <input type="search" name="q" value="${wanted}" /></label>
    <button>Search</button>
  </form>`;
}

function renderGroups(groups: readonly Group[], now: number): Html {
  const columns: readonly Column<Group>[] = [
    { title: 'Group', kind: 'head', cell: describeLabels },
    {
      title: 'Metrics',
      cell: ({ families }) => [...families.values()].reduce((sum, { metrics }) => sum + metrics.length, 0),
    },
    {
      title: 'Last push',
      cell: ({ pushTime }) => formatAgo(pushTime === 0 ? undefined : pushTime * 1000, now),
    },
    {
      title: 'Last refused push',
      cell: (group) =>
        hasFailed(group) ? html`<strong>${formatAgo(group.pushFailureTime * 1000, now)}</strong>` : undefined,
    },
  ];
  return table({ name: 'groups', columns, rows: groups, sentence: 'Nothing was pushed that fits.' });
}

function renderPages(count: number, page: number, wanted: string): Html | undefined {
  const last = Math.ceil(count / PER_PAGE);
  if (last <= 1) return undefined;
  const link = (to: number, text: string): Html | undefined =>
    to < 1 || to > last
      ? undefined
      : html`<a href="?q=${encodeURIComponent(wanted)}&page=${to}">${text}</a> `;
  return html`<p>${link(page - 1, 'Previous')}Page ${page} of ${last} ${link(page + 1, 'Next')}</p>`;
}

function describeLabels({ labels }: Group): string {
  return labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ');
}

function hasFailed({ pushTime, pushFailureTime }: Group): boolean {
  return pushFailureTime > pushTime;
}
