import { css } from './html.ts';

/** On phones and tablets a row becomes a card: what it is about, then the rest, which flows. */
export const NARROW_STYLE = css`
  @media (max-width: 64rem) {
    header,
    main {
      padding-inline: 0.75rem;
    }
    section,
    .verdict {
      padding: 0.75rem;
    }
    nav:last-of-type {
      order: 2;
    }
    table,
    tbody {
      display: block;
    }
    thead {
      position: absolute;
      clip-path: inset(50%);
    }
    tr {
      display: flex;
      flex-wrap: wrap;
      gap: 0 0.9rem;
      padding: 0.5rem 0;
      border-top: 1px solid var(--line);
    }
    th,
    td {
      padding: 0;
      border: 0;
      max-width: 100%;
      white-space: normal;
      overflow-wrap: anywhere;
    }
    tbody th,
    .name,
    .wide {
      min-width: 0;
    }
    tbody th,
    .wide {
      flex-basis: 100%;
    }
    tbody th {
      order: -1;
    }
    [data-label]::before {
      content: attr(data-label) ' ';
      color: var(--quiet);
      font-size: 0.85em;
    }
    [data-label] > ul:not(.legend) {
      display: inline-flex;
      gap: 0.75rem;
    }
    dl {
      display: block;
    }
    dd {
      margin-bottom: 0.5rem;
    }
  }
`;
