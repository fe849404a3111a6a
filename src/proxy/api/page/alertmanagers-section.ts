import { alertmanagerPage } from './alertmanager-link.ts';
import { cut, formatAgo, formatLatency, formatNumber, NOTHING } from './format.ts';
import { html, link, type Html } from './html.ts';
import { section, table } from './section.ts';
import type { AlertmanagerSnapshot, PageSnapshot } from './snapshot.ts';

export function renderAlertmanagers({ alertmanagers, now }: PageSnapshot): Html {
  const rows = alertmanagers.map(
    (alertmanager) =>
      html`<tr>
        <th scope="row">${renderName(alertmanager)}</th>
        <td>${renderState(alertmanager)}</td>
        <td class="number">${formatLatency(alertmanager.latency)}</td>
        <td class="number">${formatNumber(alertmanager.queuedAlerts)}</td>
        <td>
          ${alertmanager.lastAcceptedAt === undefined ? NOTHING : formatAgo(alertmanager.lastAcceptedAt, now)}
        </td>
        <td class="wide">${renderLastError(alertmanager, now)}</td>
      </tr> `,
  );
  const columns = ['Alertmanager', 'State', 'Latency', 'Alerts queued', 'Last accepted', 'Last error'];
  return section(
    'alertmanagers',
    'Alertmanagers',
    table({ name: 'Alertmanagers', columns, rows }, NONE_FOUND),
  );
}

const NONE_FOUND = 'None is known: nothing is delivered. Look at what the log says about their discovery.';

function renderName({ url }: AlertmanagerSnapshot): Html {
  const page = alertmanagerPage(url);
  return link(page, page.replace(/^http:\/\//, '').replace(/\/$/, ''));
}

function renderState({ isFailing, lastAcceptedAt }: AlertmanagerSnapshot): Html {
  if (isFailing) return html`<span class="state failed">takes no alerts</span>`;
  if (lastAcceptedAt === undefined) return html`<span class="state">not tried yet</span>`;
  return html`<span class="state fresh">up</span>`;
}

function renderLastError({ lastError }: AlertmanagerSnapshot, now: number): Html {
  if (lastError === undefined) return NOTHING;
  return html`${cut(lastError.sentence, 300)} <small>${formatAgo(lastError.at, now)}</small>`;
}
