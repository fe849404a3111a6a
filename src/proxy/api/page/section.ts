import { html, type Content, type Html } from './html.ts';

/** A part of the page with its heading; `id` is where the contents lead. */
export function section(id: string, title: string, ...content: readonly Content[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
}

interface Table {
  /** For those who do not see the heading above it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Html[];
}

/** A table that scrolls by itself where the screen is narrow, by keyboard too; without rows, the sentence instead. */
export function table({ name, columns, rows }: Table, sentence: string): Html {
  if (rows.length === 0) return html`<p class="none">${sentence}</p>`;
  return html`<div class="scroll" role="region" aria-label="Table: ${name}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div> `;
}
