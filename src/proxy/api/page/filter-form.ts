import { CACHE_STATES } from '../../activity/cache-state.ts';
import { isEmpty, MAX_INPUT, type Filter } from './filter.ts';
import { html, type Html } from '../../../page/html.ts';
import type { PageSnapshot } from './snapshot.ts';

/** A plain form: it works without a script, and the filtered page has an address of its own. */
export function renderFilterForm({ sources }: PageSnapshot, filter: Filter): Html {
  const names = sources.map(({ name }) => name);
  const reset = isEmpty(filter) ? undefined : html`<a href="./#enrichments">Show all</a>`;
  return html`<form method="get" action="./#enrichments" role="search" aria-label="Filter the enrichments">
    <label>
      Contains
      <input
        type="search"
        name="q"
        value="${filter.text}"
        maxlength="${MAX_INPUT}"
        placeholder="alert, node, check, label, reason"
      />
    </label>
    <label>
      Source
      <select name="source">
        ${options(names, filter.source)}
      </select>
    </label>
    <label>
      Result
      <select name="result">
        ${options(CACHE_STATES, filter.result)}
      </select>
    </label>
    <button>Filter</button>
    ${reset}
  </form>`;
}

// What is chosen stays on offer, so that nobody wonders why nothing is shown.
function options(values: readonly string[], chosen: string): Html[] {
  const all = chosen === '' || values.includes(chosen) ? values : [...values, chosen];
  return [
    html`<option value="">all</option>`,
    ...all.map((value) =>
      value === chosen
        ? html`<option value="${value}" selected>${value}</option>`
        : html`<option value="${value}">${value}</option>`,
    ),
  ];
}
