import { formatNumber } from '../../page/format.ts';
import { createPageLook, renderDocument, type PageLook } from '../../page/document.ts';
import { html, type Content, type Html } from '../../page/html.ts';
import type { View } from '../api/view.ts';
import type { ClusterSnapshot, NodeState, Status } from '../model/cluster.ts';
import { countProblems, sumOf } from '../query/counts.ts';
import { WEB_STYLE } from './style.ts';

/** The look of these pages. Forms need an Origin that tells the truth: hence the referrer policy. */
export const WEB_LOOK: PageLook = createPageLook(WEB_STYLE, {
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
});

interface Layout {
  /** What the page is about, such as `Problems`; the count of problems stands before it. */
  readonly title: string;
  /** Which entry of the navigation it belongs to. */
  readonly at: string;
  readonly view: View;
  readonly base: string;
  readonly main: Content;
}

const ENTRIES: readonly [path: string, title: string][] = [
  ['', 'Overview'],
  ['problems', 'Problems'],
  ['nodes', 'Nodes'],
  ['checks', 'Checks'],
  ['silences', 'Silences'],
];

/** A page: the bar that all have, what is wrong with the data, then its own part. */
export function renderLayout({ title, at, view, base, main }: Layout): string {
  const { config, viewer, allowed } = view;
  const open = sumOf(countProblems(allowed.flatMap(({ snapshot }) => snapshot.problems)));
  const entries = ENTRIES.map(([path, words]) => {
    const current = path === at ? html` aria-current="page"` : undefined;
    const count = path === 'problems' ? html` <small>${formatNumber(open)}</small>` : undefined;
    return html`<a href="${base}/${path}" ${current}>${words}${count}</a> `;
  });
  return renderDocument(
    {
      title: `(${open}) ${title} – ${config.ui.title}`,
      skipTo: 'main',
      header: html`<header class="top">
        <h1>${config.ui.title}</h1>
        <nav aria-label="Pages">${entries}</nav>
        <form method="get" action="${base}/problems" role="search" aria-label="Search problems">
          <input type="search" name="q" aria-label="Search problems" placeholder='client=~"web-.*" raid' />
          <button class="quiet">Search</button>
        </form>
        <p>${viewer.user === undefined ? 'not logged in' : html`logged in as ${viewer.user}`}</p>
      </header> `,
      main: html`<div id="main">${warningsOf(view.snapshots)} ${main}</div>`,
    },
    WEB_LOOK,
  );
}

// What is not fresh is said before any row.
function warningsOf(snapshots: readonly ClusterSnapshot[]): Html[] {
  return snapshots
    .filter(({ isFresh }) => !isFresh)
    .flatMap(({ title, warnings }) =>
      warnings
        .slice(0, 1)
        .map(({ sentence }) => html`<p class="verdict failed" role="status">${title}: ${sentence}</p> `),
    );
}

const STATUS_WORDS: Readonly<Record<Status, string>> = {
  critical: 'CRIT',
  warning: 'WARN',
  unknown: 'UNKN',
  ok: 'OK',
  other: 'ALERT',
};

/** A status in one word, with its colour beside it. */
export function statusBadge(status: Status): Html {
  const name = status === 'warning' ? 'warning-status' : status;
  return html`<span class="badge ${name}">${STATUS_WORDS[status]}</span>`;
}

/** The state of a node in one word. */
export function nodeBadge(state: NodeState): Html {
  return html`<span class="badge ${state}">${state}</span>`;
}

/** Where the page of a node is. */
export function nodePath(base: string, cluster: string, node: string): string {
  return `${base}/nodes/${encodeURIComponent(cluster)}/${encodeURIComponent(node)}`;
}

/** Where the page of a check is. */
export function checkPath(
  base: string,
  { cluster, node, check, device }: { cluster: string; node: string; check: string; device: string },
): string {
  const query = device === '' ? '' : `?source=${encodeURIComponent(device)}`;
  return `${base}/checks/${[cluster, node, check].map(encodeURIComponent).join('/')}${query}`;
}
