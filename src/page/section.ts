import { html, type Content, type Html } from './html.ts';

/** A part of the page with its heading; `id` is where the contents lead. */
export function section(id: string, title: string, ...content: readonly Content[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
}
