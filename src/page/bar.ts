import { formatNumber, NOTHING } from './format.ts';
import { html, type Html } from './html.ts';

export interface Share {
  /** Also the class of its colour. */
  readonly name: string;
  readonly count: number;
}

/** Shares of a whole, as a bar for a glance and as words for everybody. */
export function renderBar(shares: readonly Share[]): Html {
  const whole = shares.reduce((sum, { count }) => sum + count, 0);
  if (whole === 0) return NOTHING;
  const present = shares.filter(({ count }) => count > 0);
  // Attributes of SVG instead of styles: those would need a weaker Content-Security-Policy.
  let x = 0;
  const rectangles = present.map(({ name, count }) => {
    const width = (count / whole) * 100;
    const rectangle = html`<rect
      class="${name}"
      x="${x.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="8"
    ></rect>`;
    x += width;
    return rectangle;
  });
  const legend = present.map(
    ({ name, count }) =>
      html`<li class="${name}">
        ${name} ${formatNumber(count)} <small>${formatPercent(count / whole)}</small>
      </li>`,
  );
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      ${rectangles}
    </svg>
    <ul class="legend">
      ${legend}
    </ul>`;
}

function formatPercent(share: number): string {
  return share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`;
}
