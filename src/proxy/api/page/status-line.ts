import type { CacheState } from '../../activity/cache-state.ts';
import { COUNTED_MS } from '../../activity/recent-counts.ts';
import type { Reason } from '../../enrich/reason.ts';
import { formatCount, formatNumber, formatSpan } from '../../../page/format.ts';
import { html, type Html } from '../../../page/html.ts';
import { REFUSAL_WORDS } from './senders-section.ts';
import type { PageSnapshot, SourceSnapshot } from './snapshot.ts';

/** What somebody who has one second should read. */
export function renderStatusLine(snapshot: PageSnapshot): Html {
  const problems = problemsOf(snapshot);
  if (problems.length === 0) return html`<p class="verdict fresh">${praise(snapshot)}</p>`;
  return html`<ul class="verdict failed">
    ${problems.map((problem) => html`<li>${problem}</li>`)}
  </ul>`;
}

function problemsOf(snapshot: PageSnapshot): Html[] {
  const { isReady, overload, alertmanagers, sources, configuration } = snapshot;
  const failing = alertmanagers.filter(({ isFailing }) => isFailing).length;
  const share = `${failing} of ${formatCount(alertmanagers.length, 'Alertmanager')}`;
  const possible: readonly [boolean, Html][] = [
    [!isReady, html`The proxy is starting or draining: it is not ready.`],
    [alertmanagers.length === 0, html`<a href="#alertmanagers">No Alertmanager</a> is known.`],
    [
      failing > 0,
      html`<a href="#alertmanagers">${share}</a> ${failing === 1 ? 'is' : 'are'} not accepting alerts.`,
    ],
    [
      overload.refusedBatches > 0,
      html`Overload: batches refused within ${formatSpan(COUNTED_MS)}:
      ${formatNumber(overload.refusedBatches)}. They were not forwarded.`,
    ],
    [
      overload.unaskedAlerts > 0,
      html`Overload: within ${formatSpan(COUNTED_MS)} no node was asked about
      ${formatCount(overload.unaskedAlerts, 'alert')}.`,
    ],
    ...problemsOnTheWay(snapshot),
    ...sources.map((source): [boolean, Html] => [source.isStormy || lacksOutput(source), wordsOf(source)]),
    [
      configuration.problem !== undefined,
      html`The <a href="#configuration">configuration file</a> could not be loaded again; the old one is in
        force.`,
    ],
  ];
  return possible.filter(([holds]) => holds).map(([, sentence]) => sentence);
}

/** Prometheus sends what fires once a minute, and a dead man's switch fires always. */
const SILENT_MS = 5 * 60_000;

// Whoever never sent may be new; whoever sent once and does not any more may be turned away.
function problemsOnTheWay({ now, senders, refusals }: PageSnapshot): [boolean, Html][] {
  const lastBatchAt = senders[0]?.lastBatchAt ?? now;
  const [refusal] = refusals.filter(
    ({ reason, lastAt }) => reason !== 'no_password' && lastAt >= now - SILENT_MS,
  );
  return [
    [
      now - lastBatchAt > SILENT_MS,
      html`<a href="#senders">No batch</a> has come for ${formatSpan(now - lastBatchAt)}.`,
    ],
    [
      refusal !== undefined,
      html`<a href="#senders">${refusal?.address}</a> is turned away:
        ${refusal && REFUSAL_WORDS[refusal.reason]}.`,
    ],
  ];
}

// Of the last minutes, more without fresh output than with it.
function lacksOutput({ results }: SourceSnapshot): boolean {
  const count = (...states: readonly CacheState[]): number =>
    states.reduce((sum, state) => sum + (results.get(state) ?? 0), 0);
  return count('failed', 'stale') > count('fresh', 'cached');
}

function wordsOf({ name, isStormy, reasons }: SourceSnapshot): Html {
  const link = html`<a href="#sources">${name}</a>`;
  if (isStormy) return html`Most nodes of ${link} do not answer.`;
  const reason = mostly(reasons);
  return html`Most alerts of ${link} get no output${reason === undefined ? '' : `, mostly: ${reason}`}.`;
}

// Of alerts, not of fetches: a node is asked once for many alerts, and what is not allowed for each of them. An open circuit is
// what follows from another reason.
function mostly(reasons: SourceSnapshot['reasons']): Reason | undefined {
  const most = [...reasons].sort(([, one], [, other]) => other - one).map(([reason]) => reason);
  return most.find((reason) => reason !== 'circuit_open') ?? most[0];
}

function praise({ alertmanagers }: PageSnapshot): string {
  const used = alertmanagers.filter(({ lastAcceptedAt }) => lastAcceptedAt !== undefined).length;
  if (used === 0) return 'Ready. No alert has been sent yet.';
  return used === 1
    ? 'Ready. The Alertmanager accepts alerts.'
    : `Ready. ${used} Alertmanagers accept alerts.`;
}
