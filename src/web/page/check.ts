import { formatSpan } from '../../page/format.ts';
import { html, link, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import type { DetailsAnswer } from '../details/details.ts';
import type { CheckDetail } from '../details/parse-details.ts';
import { statusOfCode } from '../merge/failing.ts';
import { writeMatchers } from '../merge/silences.ts';
import type { ClusterSilence, ClusterSnapshot, Problem } from '../model/cluster.ts';
import { nodePath, renderLayout, statusBadge } from './layout.ts';
import { sentenceOn } from './node.ts';
import type { PageContext } from './page-context.ts';
import { problemsTable } from './problems.ts';

/** A check of a node. */
export interface CheckPage {
  readonly snapshot: ClusterSnapshot;
  readonly node: string;
  readonly check: string;
  readonly problems: readonly Problem[];
  /** Silences that hit it. */
  readonly silences: readonly ClusterSilence[];
  /** The same check where it fails on other nodes. */
  readonly elsewhere: readonly Problem[];
  readonly answer: DetailsAnswer;
}

/** `/checks/{cluster}/{node}/{check}`: what the check says now, and all that is known of its alert. */
export function renderCheck(context: PageContext, page: CheckPage): string {
  const { view, base } = context;
  const { snapshot, node, check, problems, answer } = page;
  const detail = answer.ok ? answer.checks.find(({ name }) => name === check) : undefined;
  return renderLayout({
    title: `${check} on ${node}`,
    at: 'checks',
    view,
    base,
    main: html`${section(
      'check',
      check,
      html`<p>
        on <a href="${nodePath(base, snapshot.name, node)}">${node}</a>, ${snapshot.title}
        ${silenceLink(context, page)}
      </p>`,
      detail === undefined ? undefined : factsOf(context, detail),
      sentenceOn(context, answer),
      outputOf(page, detail),
      lastNonOkOf(context, detail),
      definitionOf(detail),
    )}
    ${problems.length === 0 ? undefined : section('alert', 'Alert', problemsTable(context, problems, false), alertFacts(problems, snapshot), silencesOf(context, page))}
    ${page.elsewhere.length === 0 ? undefined : section('elsewhere', 'Same check on other nodes', problemsTable(context, page.elsewhere.slice(0, 20), false))}`,
  });
}

function factsOf(
  { times, view }: PageContext,
  { status, executed, duration, interval, occurrences, history }: CheckDetail,
): Html {
  const parts = [
    executed === undefined ? undefined : html`ran ${times.since(executed, view.now)} ago`,
    duration === undefined ? undefined : html`took ${formatSpan(duration * 1000)}`,
    interval === undefined ? undefined : html`every ${formatSpan(interval * 1000)}`,
    occurrences === undefined ? undefined : html`${occurrences} times in a row`,
    history.length === 0 ? undefined : html`last statuses ${history.join(' ')}`,
  ].filter((part) => part !== undefined);
  const badge = status === undefined ? undefined : statusBadge(statusOfCode(status));
  return html`<p>${badge} ${parts.map((part, index) => html`${index === 0 ? '' : ' · '}${part}`)}</p>`;
}

// Without an answer of the agent, the text that the alert carries.
function outputOf({ problems }: CheckPage, detail: CheckDetail | undefined): Html {
  const text = detail?.output ?? problems[0]?.excerpt ?? '';
  if (text === '') return html`<p class="note">No output is known.</p>`;
  return html`<pre
    class="output"
    tabindex="0"
    role="region"
    aria-label="Output"
    dir="auto"
  ><samp>${text}</samp></pre>`;
}

function lastNonOkOf({ times }: PageContext, detail: CheckDetail | undefined): Html | undefined {
  if (detail?.status !== 0 || detail.lastNonOk === undefined) return undefined;
  const { status, executed, output } = detail.lastNonOk;
  return html`<details>
    <summary>Last that was not OK: ${statusBadge(statusOfCode(status))} ${times.moment(executed)}</summary>
    <pre class="output" dir="auto"><samp>${output}</samp></pre>
  </details>`;
}

function definitionOf(detail: CheckDetail | undefined): Html | undefined {
  if (detail === undefined || detail.command === '') return undefined;
  return html`<p>Command <code>${detail.command}</code></p>`;
}

function alertFacts(problems: readonly Problem[], { alerts }: ClusterSnapshot): Html[] {
  return problems.map(({ labels, fingerprint }) => {
    const generator = fingerprint === undefined ? '' : (alerts.get(fingerprint)?.generatorUrl ?? '');
    return html`<details>
      <summary>Labels</summary>
      <dl>
        ${Object.entries(labels).map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd> `,
        )}
      </dl>
      ${generator === '' ? undefined : link(generator, 'Expression in Prometheus')}
    </details> `;
  });
}

function silencesOf({ base, times }: PageContext, { silences, snapshot }: CheckPage): Html | undefined {
  if (silences.length === 0) return undefined;
  return html`<ul>
    ${silences.map(
      ({ id, createdBy, comment, endsAt, matchers }) =>
        html`<li>
          Silenced by <a href="${base}/silences?cluster=${snapshot.name}&amp;q=${id}">${createdBy}</a>:
          ${comment} until ${times.moment(endsAt)} <code>${writeMatchers(matchers).join(', ')}</code>
        </li> `,
    )}
  </ul>`;
}

function silenceLink({ view, base }: PageContext, { snapshot, problems }: CheckPage): Html | undefined {
  const picked = problems.filter(({ fingerprint }) => fingerprint !== undefined);
  if (picked.length === 0 || view.viewer.roleIn(snapshot.name) !== 'operator') return undefined;
  const query = new URLSearchParams(
    picked.map(({ fingerprint = '' }): [string, string] => ['alert', `${snapshot.name}/${fingerprint}`]),
  );
  return html` · <a href="${base}/silences/new?${query.toString()}">Silence</a> ·
    <a href="${base}/silences/new?${query.toString()}&amp;acknowledge=1">Acknowledge</a>`;
}
