import { renderAlertmanagers } from './alertmanagers-section.ts';
import { renderConfiguration } from './configuration-section.ts';
import { renderEnrichments } from './enrichments-section.ts';
import type { Filter } from './filter.ts';
import { renderDocument } from '../../../page/document.ts';
import { html, type Html } from '../../../page/html.ts';
import { renderNodes } from './nodes-section.ts';
import { renderSenders } from './senders-section.ts';
import type { PageSnapshot } from './snapshot.ts';
import { renderSources } from './sources-section.ts';
import { renderStatusLine } from './status-line.ts';

/** The page for people: one document that needs nothing else, no script either. */
export function renderPage(snapshot: PageSnapshot, filter: Filter): string {
  return renderDocument({
    title: 'alertmanager-proxy',
    skipTo: 'senders',
    header: renderHeader(snapshot),
    main: html`${renderStatusLine(snapshot)} ${renderSenders(snapshot)} ${renderAlertmanagers(snapshot)}
    ${renderSources(snapshot)} ${renderNodes(snapshot)} ${renderEnrichments(snapshot, filter)}
    ${renderConfiguration(snapshot)}`,
  });
}

function renderHeader({ now, build }: PageSnapshot): Html {
  const moment = new Date(now).toISOString();
  return html`<header>
    <h1>alertmanager-proxy <small>${build.version}</small></h1>
    <p>
      As of <time datetime="${moment}">${moment.slice(0, 19).replace('T', ' ')} UTC</time>.
      <a href="./">Refresh</a>
    </p>
    <nav aria-label="On this page">
      <a href="#senders">Senders</a> <a href="#alertmanagers">Alertmanagers</a> <a href="#sources">Sources</a>
      <a href="#nodes">Nodes</a> <a href="#enrichments">Enrichments</a>
      <a href="#configuration">Configuration</a>
    </nav>
    <nav aria-label="For machines">
      <a href="metrics"><code>/metrics</code></a> <a href="-/ready"><code>/-/ready</code></a>
      <a href="api/v1/enrichments"><code>/api/v1/enrichments</code></a>
    </nav>
  </header> `;
}
