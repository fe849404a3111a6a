import { formatCount } from './format.ts';
import { html, type Html } from './html.ts';
import type { PageSnapshot } from './snapshot.ts';

/** What somebody who has one second should read. */
export function renderVerdict(snapshot: PageSnapshot): Html {
  const problems = problemsOf(snapshot);
  if (problems.length === 0) return html`<p class="verdict fresh">${praise(snapshot)}</p>`;
  return html`<ul class="verdict failed">
    ${problems.map((problem) => html`<li>${problem}</li>`)}
  </ul>`;
}

function problemsOf({ isReady, alertmanagers, sources, configuration }: PageSnapshot): Html[] {
  const failing = alertmanagers.filter(({ isFailing }) => isFailing).length;
  return [
    ...(isReady ? [] : [html`The proxy is starting or draining: it is not ready.`]),
    ...(alertmanagers.length === 0 ? [html`<a href="#alertmanagers">No Alertmanager</a> is known.`] : []),
    ...(failing === 0
      ? []
      : [
          html`<a href="#alertmanagers">${failing} of ${formatCount(alertmanagers.length, 'Alertmanager')}</a>
            takes no alerts.`,
        ]),
    ...sources
      .filter(({ isStormy }) => isStormy)
      .map(({ name }) => html`Most nodes of <a href="#sources">${name}</a> do not answer.`),
    ...(configuration.problem === undefined
      ? []
      : [
          html`The <a href="#configuration">configuration file</a> could not be reloaded; the old one is in
            force.`,
        ]),
  ];
}

function praise({ alertmanagers }: PageSnapshot): string {
  const used = alertmanagers.filter(({ lastAcceptedAt }) => lastAcceptedAt !== undefined).length;
  if (used === 0) return 'Ready. No alert has been sent yet.';
  return used === 1 ? 'Ready. The Alertmanager takes alerts.' : `Ready. ${used} Alertmanagers take alerts.`;
}
