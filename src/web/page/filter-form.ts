import { html, type Html } from '../../page/html.ts';
import type { PageContext } from './page-context.ts';

interface Choice {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
  readonly chosen: string;
  /** Whether nothing chosen is offered as `all`. */
  readonly hasAll: boolean;
}

/** The filter above a list: a plain form, so that the filtered page has an address. */
export function renderFilterForm(
  { view, base }: PageContext,
  path: string,
  choices: readonly Choice[],
): Html {
  const { filter, clusters } = view.query;
  const cluster: Choice = {
    name: 'cluster',
    label: 'Cluster',
    values: view.allowed.map(({ name }) => name),
    chosen: clusters[0] ?? '',
    hasAll: true,
  };
  return html`<form method="get" action="${base}/${path}" aria-label="Filter">
      <label>
        Filter
        <input type="search" name="q" value="${filter.source}" placeholder='client=~"web-.*" raid -lab' />
      </label>
      ${[...choices, ...(view.allowed.length > 1 ? [cluster] : [])].map(renderChoice)}
      <button>Filter</button>
      <a href="${base}/${path}">Show all</a>
    </form>
    ${filter.mistake === undefined ? undefined : html`<p class="warning" role="status">${filter.mistake}</p>`} `;
}

function renderChoice({ name, label, values, chosen, hasAll }: Choice): Html {
  const option = (value: string, words: string): Html =>
    value === chosen
      ? html`<option value="${value}" selected>${words}</option>`
      : html`<option value="${value}">${words}</option>`;
  return html`<label>
    ${label}
    <select name="${name}">
      ${hasAll ? option('', 'all') : undefined}
      ${values.map((value) => option(value, value.replace('_', ' ')))}
    </select>
  </label> `;
}

/** `1–100 of 212`, and the way to the other pages. */
export function renderPaging(
  { view, base }: PageContext,
  path: string,
  { page, pages, total }: { readonly page: number; readonly pages: number; readonly total: number },
): Html {
  const { limit } = view.query;
  const first = total === 0 ? 0 : (page - 1) * limit + 1;
  const to = (target: number, words: string): Html | undefined =>
    target < 1 || target > pages
      ? undefined
      : html`<a href="${addressOf(view, base, path, target)}">${words}</a>`;
  return html`<p class="pages" role="status">
    <span>${first}–${Math.min(page * limit, total)} of ${total}</span> ${to(page - 1, 'Previous page')}
    ${to(page + 1, 'Next page')}
  </p> `;
}

function addressOf({ query }: PageContext['view'], base: string, path: string, page: number): string {
  const { filter, clusters, state, status, sort, show, limit } = query;
  const parameters = new URLSearchParams({
    q: filter.source,
    state,
    sort,
    show,
    limit: String(limit),
    page: String(page),
  });
  if (status !== undefined) parameters.set('status', status);
  for (const cluster of clusters) parameters.append('cluster', cluster);
  return `${base}/${path}?${parameters.toString()}`;
}
