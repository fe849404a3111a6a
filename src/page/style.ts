import { css, html, type Html } from './html.ts';
import { NARROW_STYLE } from './narrow-style.ts';

const WIDE_STYLE = css`
  :root {
    --ground: #f5f6f8;
    --surface: #ffffff;
    --text: #1b2430;
    --quiet: #566273;
    --line: #d8dee7;
    --link: #0b57a8;
    --fresh: #1a7f3c;
    --cached: #2f6fd0;
    --stale: #9a6400;
    --failed: #c0261d;
    color-scheme: light dark;
    font:
      15px/1.5 system-ui,
      sans-serif;
    background: var(--ground);
    color: var(--text);
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #0e131a;
      --surface: #161d27;
      --text: #e2e8f0;
      --quiet: #9ba9ba;
      --line: #2b3543;
      --link: #7ab8ff;
      --fresh: #4fc470;
      --cached: #6aa5ff;
      --stale: #e3b341;
      --failed: #ff7b70;
    }
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0;
  }
  header,
  main {
    max-width: 88rem;
    margin: 0 auto;
    padding: 0 1.25rem;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.25rem 1.5rem;
    padding-top: 1.25rem;
  }
  h1 {
    margin: 0;
    font-size: 1.5rem;
  }
  header p {
    margin: 0;
    color: var(--quiet);
  }
  header p:first-of-type {
    flex: 1;
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
  }
  nav:first-of-type {
    flex-basis: 100%;
    order: 1;
  }
  section,
  .verdict {
    margin: 1rem 0;
    padding: 1rem 1.25rem;
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    background: var(--surface);
  }
  h2 {
    margin: 0 0 0.5rem;
    font-size: 1.1rem;
  }
  a {
    color: var(--link);
    text-underline-offset: 0.15em;
  }
  nav a,
  table a {
    text-decoration-color: color-mix(in srgb, currentcolor 35%, transparent);
  }
  :focus-visible {
    outline: 3px solid var(--link);
    outline-offset: 2px;
    border-radius: 2px;
  }
  .skip:not(:focus) {
    position: absolute;
    clip-path: inset(50%);
  }
  small,
  .none,
  .note {
    color: var(--quiet);
    font-weight: normal;
  }
  small {
    font-size: 0.85em;
  }
  .note {
    margin: 0 0 0.75rem;
    max-width: 75ch;
  }
  code,
  samp,
  pre {
    font-family: ui-monospace, monospace;
    font-size: 0.87em;
  }
  .verdict {
    border-left-width: 0.4rem;
    font-weight: 600;
    list-style: none;
  }
  .verdict.fresh {
    border-left-color: var(--fresh);
  }
  .verdict.failed,
  .warning {
    border-left-color: var(--failed);
  }
  .warning {
    margin: 0.5rem 0;
    padding-left: 0.75rem;
    border-left: 0.25rem solid var(--failed);
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.4rem 0.75rem 0.4rem 0;
    border-top: 1px solid var(--line);
    text-align: left;
    vertical-align: top;
    white-space: nowrap;
  }
  thead th {
    border-top: 0;
    color: var(--quiet);
    font-size: 0.85em;
    font-weight: 600;
  }
  td small {
    display: inline-block;
  }
  tbody th,
  .name,
  .wide {
    min-width: 9.5rem;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .wide {
    min-width: 14rem;
    width: 30%;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .state::before,
  .legend li::before {
    content: '';
    display: inline-block;
    width: 0.6em;
    height: 0.6em;
    margin-right: 0.4em;
    border-radius: 50%;
    background: var(--state, var(--quiet));
    forced-color-adjust: none;
  }
  .fresh {
    --state: var(--fresh);
  }
  .cached {
    --state: var(--cached);
  }
  .stale {
    --state: var(--stale);
  }
  .failed {
    --state: var(--failed);
  }
  .bar {
    display: block;
    width: 100%;
    min-width: 12rem;
    height: 0.6rem;
    margin: 0.4rem 0 0.3rem;
    border-radius: 0.3rem;
  }
  .bar rect {
    fill: var(--state);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1rem;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1rem;
    align-items: end;
    margin-bottom: 0.75rem;
  }
  label {
    color: var(--quiet);
    font-size: 0.85em;
  }
  label:first-of-type {
    flex: 1 1 16rem;
    max-width: 28rem;
  }
  input,
  select,
  button {
    display: block;
    width: 100%;
    min-height: 2.25rem;
    padding: 0.25rem 0.6rem;
    border: 1px solid var(--quiet);
    border-radius: 0.35rem;
    background: var(--surface);
    color: var(--text);
    font: inherit;
    font-size: 15px;
  }
  ::placeholder {
    color: var(--quiet);
    opacity: 1;
  }
  button {
    width: auto;
    padding: 0.25rem 1.1rem;
    border-color: var(--link);
    background: var(--link);
    color: var(--surface);
    font-weight: 600;
    cursor: pointer;
  }
  form > a {
    line-height: 2.25rem;
  }
  dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 0.25rem 1.25rem;
    margin: 0 0 0.75rem;
  }
  dt {
    color: var(--quiet);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  summary {
    cursor: pointer;
  }
  td pre {
    white-space: pre-wrap;
  }
  pre {
    margin: 0.75rem 0 0;
    padding: 0.75rem;
    border: 1px solid var(--line);
    border-radius: 0.35rem;
    background: var(--ground);
  }
`;

/** The whole look of the page. */
export const STYLE: Html = html`${WIDE_STYLE}${NARROW_STYLE}`;
