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
  const share = `${failing} of ${formatCount(alertmanagers.length, 'Alertmanager')}`;
  const possible: readonly [boolean, Html][] = [
    [!isReady, html`The proxy is starting or draining: it is not ready.`],
    [alertmanagers.length === 0, html`<a href="#alertmanagers">No Alertmanager</a> is known.`],
    [failing > 0, html`<a href="#alertmanagers">${share}</a> ${failing === 1 ? 'takes' : 'take'} no alerts.`],
    ...sources.map(({ name, isStormy }): [boolean, Html] => [
      isStormy,
      html`Most nodes of <a href="#sources">${name}</a> do not answer.`,
    ]),
    [
      configuration.problem !== undefined,
      html`The <a href="#configuration">configuration file</a> could not be loaded again; the old one is in
        force.`,
    ],
  ];
  return possible.filter(([holds]) => holds).map(([, sentence]) => sentence);
}

function praise({ alertmanagers }: PageSnapshot): string {
  const used = alertmanagers.filter(({ lastAcceptedAt }) => lastAcceptedAt !== undefined).length;
  if (used === 0) return 'Ready. No alert has been sent yet.';
  return used === 1 ? 'Ready. The Alertmanager takes alerts.' : `Ready. ${used} Alertmanagers take alerts.`;
}
