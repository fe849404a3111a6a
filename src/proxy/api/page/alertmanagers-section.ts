import { alertmanagerPage } from '../../../alertmanager-api/page-links.ts';
import { cut, formatAgo, formatLatency, formatNumber, NOTHING } from '../../../page/format.ts';
import { html, link, type Html } from '../../../page/html.ts';
import { section } from '../../../page/section.ts';
import type { AlertmanagerSnapshot, PageSnapshot } from './snapshot.ts';
import { table, type Column } from '../../../page/table.ts';

const MAX_TENANT = 100;

export function renderAlertmanagers({ alertmanagers, now }: PageSnapshot): Html {
  const columns: Column<AlertmanagerSnapshot>[] = [
    { title: 'Alertmanager', kind: 'head', cell: renderName },
    { title: 'State', cell: renderState },
    { title: 'Latency', isUnclear: true, cell: ({ latency }) => formatLatency(latency) },
    { title: 'Alerts queued', isUnclear: true, cell: ({ queuedAlerts }) => formatNumber(queuedAlerts) },
    { title: 'Last accepted', isUnclear: true, cell: ({ lastAcceptedAt }) => formatAgo(lastAcceptedAt, now) },
    {
      title: 'Last error',
      isUnclear: true,
      kind: 'wide',
      cell: ({ lastError }) => renderError(lastError, now),
    },
  ];
  const sentence = 'None is known: nothing is delivered. The log says what is wrong with their discovery.';
  const name = 'Alertmanagers';
  return section('alertmanagers', name, table({ name, columns, rows: alertmanagers, sentence }));
}

function renderName({ url, tenant }: AlertmanagerSnapshot): Html {
  const page = alertmanagerPage(url);
  const name = link(page, page.replace(/^http:\/\//, '').replace(/\/$/, ''));
  return tenant === undefined ? name : html`${name} <small>${cut(tenant, MAX_TENANT)}</small>`;
}

function renderState({ isFailing, lastAcceptedAt }: AlertmanagerSnapshot): Html {
  if (isFailing) return html`<span class="state failed">not accepting alerts</span>`;
  if (lastAcceptedAt === undefined) return html`<span class="state">not tried yet</span>`;
  return html`<span class="state fresh">up</span>`;
}

function renderError(lastError: AlertmanagerSnapshot['lastError'], now: number): Html {
  if (lastError === undefined) return NOTHING;
  return html`${cut(lastError.sentence, 300)} <small>${formatAgo(lastError.at, now)}</small>`;
}
