import { html, type Content, type Html } from './html.ts';

export interface Column<Row> {
  readonly title: string;
  /** `head` is what the row is about, `name` may be a long name, `wide` a sentence or more. */
  readonly kind?: 'head' | 'name' | 'wide';
  /** Needs its title beside it where the table is folded. */
  readonly isUnclear?: boolean;
  readonly cell: (row: Row) => Content;
}

interface Table<Row> {
  /** For those who do not see the heading above it. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Stands there instead if there are no rows. */
  readonly sentence: string;
}

/** A table that scrolls by itself, by keyboard too, where it is too wide, and is folded where the screen is narrow. */
export function table<Row>({ name, columns, rows, sentence }: Table<Row>): Html {
  if (rows.length === 0) return html`<p class="note">${sentence}</p>`;
  return html`<div class="scroll" role="region" aria-label="Table: ${name}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map(({ title }) => html`<th scope="col">${title}</th> `)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => renderCell(column, row))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

function renderCell<Row>({ title, kind, isUnclear, cell }: Column<Row>, row: Row): Html {
  if (kind === 'head') return html`<th scope="row">${cell(row)}</th> `;
  const type = kind === undefined ? undefined : html` class="${kind}"`;
  const label = isUnclear === true ? html` data-label="${title}"` : undefined;
  return html`<td${type}${label}>${cell(row)}</td> `;
}
