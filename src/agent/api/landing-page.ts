import { renderDocument } from '../../page/document.ts';
import { cut, formatAgo, formatCount, NOTHING } from '../../page/format.ts';
import { html, type Content, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { table, type Column } from '../../page/table.ts';
import { rawText } from '../../checks/output.ts';
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
  const known = checks.list(definitions());
  return renderDocument({
    title: client === undefined ? 'Checks of this node' : `Checks of ${client}`,
    skipTo: 'checks',
    header: renderHeader(client, now()),
    main: isReady()
      ? html`${renderVerdict(known, now())} ${renderChecks(known, now())}`
      : html`<p class="verdict failed">The log is still being read.</p>`,
  });
}

function renderHeader(client: string | undefined, now: number): Html {
  return html`<header>
    <h1>${client ?? 'This node'} <small>alertmanager-proxy agent ${version}</small></h1>
    <p>As of ${formatIssued(Math.floor(now / 1000)) ?? ''}. <a href="./">Refresh</a></p>
    <nav aria-label="For machines">
      <a href="metrics"><code>/metrics</code></a> <a href="checks"><code>/checks</code></a>
      <a href="-/ready"><code>/-/ready</code></a>
    </nav>
  </header> `;
}

function renderVerdict(checks: readonly KnownCheck[], now: number): Html {
  const problems: readonly (readonly [number, string])[] = [
    [checks.filter(isFailing).length, 'not OK'],
    [checks.filter((check) => isStale(check, now)).length, 'silent for too long'],
    [checks.filter(({ state }) => state === undefined).length, 'without a result yet'],
  ];
  const told = problems.filter(([count]) => count > 0);
  if (told.length === 0)
    return html`<p class="verdict fresh">${formatCount(checks.length, 'check')}, all OK.</p>`;
  return html`<ul class="verdict failed">
    ${told.map(([count, words]) => html`<li>${formatCount(count, 'check')} ${words}.</li>`)}
  </ul>`;
}

const COLORS: Readonly<Record<string, string>> = { OK: 'fresh', WARNING: 'stale', CRITICAL: 'failed' };

function renderChecks(checks: readonly KnownCheck[], now: number): Html {
  const columns: Column<KnownCheck>[] = [
    { title: 'Check', kind: 'head', cell: renderName },
    { title: 'Status', cell: renderStatus },
    { title: 'Ran', isUnclear: true, cell: (check) => renderAge(check, now) },
    { title: 'Output', kind: 'wide', cell: renderOutput },
  ];
  const name = 'Checks';
  const rows = [...checks].sort((one, other) => Number(isFailing(other)) - Number(isFailing(one)));
  const sentence = 'No check is known: none has run, and none is configured.';
  return section('checks', name, table({ name, columns, rows, sentence }));
}

function renderName(check: KnownCheck): Html {
  const about = check.source === undefined ? undefined : html` <small>of ${check.source}</small>`;
  return html`<a href="${pathOf(check)}">${check.name}</a>${about}`;
}

function renderStatus({ state }: KnownCheck): Html {
  if (state === undefined) return html`<span class="state">no result yet</span>`;
  const text = statusText(state.result.status);
  return html`<span class="state ${COLORS[text] ?? 'cached'}">${text}</span>`;
}

// A check that hangs is one that should have run again.
function renderAge(check: KnownCheck, now: number): Content {
  const executed = check.state?.result.executed;
  if (executed === undefined) return NOTHING;
  const silent = isStale(check, now)
    ? html` <span class="state failed">silent: dead or hanging</span>`
    : undefined;
  return html`${formatAgo(executed * 1000, now)}${silent}`;
}

const MAX_LINE = 200;

function renderOutput(check: KnownCheck): Content {
  if (check.state === undefined) return NOTHING;
  const [line = ''] = rawText(check.state.result.output).toString().trimStart().split('\n', 1);
  return html`<samp>${cut(line, MAX_LINE)}</samp> <a href="${pathOf(check, '/output')}">all of it</a>`;
}

function pathOf({ name, source }: KnownCheck, rest = ''): string {
  const query = source === undefined ? '' : `?source=${encodeURIComponent(source.toWellFormed())}`;
  return `checks/${encodeURIComponent(name.toWellFormed())}${rest}${query}`;
}

function isFailing({ state }: KnownCheck): boolean {
  return state !== undefined && state.result.status !== 0;
}

function statusText(status: number): string {
  return ['OK', 'WARNING', 'CRITICAL'][status] ?? 'UNKNOWN';
}
