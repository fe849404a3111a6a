import { html, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { formatDuration } from '../../platform/time/duration.ts';
import { writeMatchers } from '../merge/silences.ts';
import type { PlannedSilence } from '../silence/plan.ts';
import { renderLayout } from './layout.ts';
import type { PageContext } from './page-context.ts';

/** What stands in the form for a silence. */
export interface SilenceDraft {
  readonly clusters: readonly string[];
  /** One matcher a line; empty where alerts were picked. */
  readonly filter: string;
  /** `cluster/fingerprint` of each alert that was picked. */
  readonly picked: readonly string[];
  readonly duration: string;
  readonly comment: string;
  readonly author: string;
}

interface SilenceFormPage {
  readonly draft: SilenceDraft;
  readonly plan: readonly PlannedSilence[];
  /** What is wrong, or went wrong. */
  readonly problems: readonly string[];
}

/** `/silences/new`: the form, and what the silence would hit. Nothing that was typed is lost when it is refused. */
export function renderSilenceForm(context: PageContext, { draft, plan, problems }: SilenceFormPage): string {
  const { view, base } = context;
  return renderLayout({
    title: 'New silence',
    at: 'silences',
    view,
    base,
    main: section(
      'silence',
      'New silence',
      problems.map((sentence) => html`<p class="warning" role="alert">${sentence}</p> `),
      html`<form class="silence-form" method="post" action="${base}/silences" aria-label="Silence">
        ${draft.picked.length > 0 ? pickedFields(draft) : matcherFields(context, draft)}
        <fieldset>
          <legend>Ends after</legend>
          ${durations(context, draft)}
        </fieldset>
        <label>Comment <input name="comment" value="${draft.comment}" required maxlength="4000" /></label>
        ${authorField(context, draft)} ${renderPlan(plan)}
        <div class="pages">
          <button class="quiet" formaction="${base}/silences/new" formmethod="get">Preview</button>
          <button>Create</button>
        </div>
      </form>`,
    ),
  });
}

function pickedFields({ picked }: SilenceDraft): Html[] {
  return picked.map((one) => html`<input type="hidden" name="alert" value="${one}" />`);
}

function matcherFields({ view }: PageContext, { clusters, filter }: SilenceDraft): Html {
  const boxes = view.allowed.map(({ name, title }) => {
    const isOperator = view.viewer.roleIn(name) === 'operator';
    const mark = isOperator && clusters.includes(name) ? html` checked` : undefined;
    return html`<label>
      <input
        type="checkbox"
        name="cluster"
        value="${name}"
        ${mark}${isOperator ? undefined : html` disabled`}
      />
      ${title}${isOperator ? undefined : ' (you may only look)'}
    </label> `;
  });
  return html`<fieldset>
      <legend>Clusters</legend>
      ${boxes}
    </fieldset>
    <label
      >Matchers, one a line
      <textarea name="filter" placeholder='check="check_raid"' required>${filter}</textarea>
    </label> `;
}

function durations({ view }: PageContext, { duration }: SilenceDraft): Html[] {
  const offered = view.config.silences.durations.map(formatDuration);
  const all = offered.includes(duration) ? offered : [...offered, duration];
  return all.map(
    (one) =>
      html`<label>
        <input type="radio" name="duration" value="${one}" ${one === duration ? html` checked` : undefined} />
        ${one}
      </label> `,
  );
}

function authorField({ view }: PageContext, { author }: SilenceDraft): Html {
  if (view.viewer.user !== undefined) return html`<p>Author ${view.viewer.user}</p>`;
  return html`<label>Author <input name="author" value="${author}" required maxlength="200" /></label>`;
}

function renderPlan(plan: readonly PlannedSilence[]): Html | undefined {
  if (plan.length === 0) return undefined;
  return html`<ul aria-label="Preview">
    ${plan.map(({ cluster, matchers, hits, alsoHits }) => {
      const also = alsoHits.map(
        ({ labels }) => `${labels['client'] ?? ''}/${labels['check'] ?? labels['alertname'] ?? ''}`,
      );
      const more =
        also.length === 0 ? '' : ` ${also.length} of them you did not pick: ${also.slice(0, 10).join(', ')}.`;
      return html`<li>
        ${cluster}: <code>${writeMatchers(matchers).join(', ')}</code> hits ${hits.length} now, and what comes
        while it lasts.${more}
      </li> `;
    })}
  </ul>`;
}
