import { html, type Html } from '../../page/html.ts';
import { version } from '../../platform/file/package-files.ts';
import type { Definitions } from '../../checks/definitions.ts';
import { isStale, type KnownCheck } from '../../checks/known-checks.ts';
import { formatIssued } from '../../checks/api/issued-text.ts';
import type { NodeChecks } from '../node-checks.ts';

interface LandingPageOptions {
  readonly checks: NodeChecks;
  readonly definitions: () => Definitions;
  /** Whether the log has been read up to its present end. */
  readonly isReady: () => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The page for people who open the agent in a browser: this node's checks, the failing ones first. */
export function renderLandingPage({ checks, definitions, isReady, now }: LandingPageOptions): string {
  const client = definitions().client?.name ?? checks.client;
  const title = client === undefined ? 'Checks of this node' : `Checks of ${client}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <h1>${title}</h1>
        ${
          isReady()
            ? renderChecks(checks.list(definitions()), now())
            : html`<p>The log is still being read.</p>`
        }
        <h2>For programs</h2>
        <ul>
          <li><a href="metrics">/metrics</a>: for Prometheus</li>
          <li><a href="checks">/checks</a>: all checks</li>
          <li>
            /checks/NAME: the last result of one check, its history, and the last result that was not OK
          </li>
          <li>/checks/NAME/output: what the script printed</li>
          <li>/results/CLIENT/NAME: the same in the shape of Sensu's API</li>
          <li><a href="-/healthy">/-/healthy</a>, <a href="-/ready">/-/ready</a></li>
        </ul>
        <p>alertmanager-proxy agent ${version}</p>
      </body>
    </html> `.toString();
}

function renderChecks(checks: readonly KnownCheck[], now: number): Html {
  if (checks.length === 0) return html`<p>No check is known: none has run, and none is configured.</p>`;
  const failingFirst = [...checks].sort((one, other) => Number(isFailing(other)) - Number(isFailing(one)));
  return html`<ul>
    ${failingFirst.map((check) => renderCheck(check, now))}
  </ul>`;
}

function renderCheck(check: KnownCheck, now: number): Html {
  const { name, source, state } = check;
  const path = `checks/${encodeURIComponent(name.toWellFormed())}`;
  const query = source === undefined ? '' : `?source=${encodeURIComponent(source.toWellFormed())}`;
  const link = html`<a href="${path}${query}">${name}</a>`;
  const about = source === undefined ? '' : ` of ${source}`;
  if (state === undefined) return html`<li>${link}${about} has no result yet</li> `;
  const { status, executed } = state.result;
  const stale = isStale(check, now) ? '; silent since then' : '';
  return html`<li>
    <strong>${statusText(status)}</strong> ${link}${about}, <a href="${path}/output${query}">output</a>
    <small>of ${formatIssued(executed) ?? executed}${stale}</small>
  </li> `;
}

function isFailing({ state }: KnownCheck): boolean {
  return state !== undefined && state.result.status !== 0;
}

function statusText(status: number): string {
  return ['OK', 'WARNING', 'CRITICAL'][status] ?? 'UNKNOWN';
}
