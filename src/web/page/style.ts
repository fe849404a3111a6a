import { css } from '../../page/html.ts';

/** What these pages look like beyond the style that all pages share. */
export const WEB_STYLE = css`
  .top {
    align-items: center;
    padding-top: 0.75rem;
  }
  .top h1 {
    font-size: 1.15rem;
  }
  .top nav:first-of-type {
    flex: 1 1 auto;
    order: 0;
  }
  .top nav a[aria-current] {
    color: var(--text);
    font-weight: 700;
  }
  .top form {
    margin: 0;
  }
  .badge {
    display: inline-block;
    min-width: 3.4rem;
    padding: 0 0.4rem;
    border: 1px solid var(--state, var(--quiet));
    border-radius: 0.25rem;
    color: var(--state, var(--quiet));
    font-size: 0.8em;
    font-weight: 700;
    text-align: center;
  }
  .critical,
  .down {
    --state: var(--failed);
  }
  .warning-status,
  .split {
    --state: var(--stale);
  }
  .unknown {
    --state: var(--cached);
  }
  .ok,
  .up {
    --state: var(--fresh);
  }
  .badge.critical {
    background: var(--failed);
    color: var(--surface);
  }
  td.output samp {
    display: block;
    max-height: 3.1em;
    overflow: hidden;
    white-space: pre-wrap;
    unicode-bidi: isolate;
    overflow-wrap: anywhere;
  }
  td.output {
    width: 40%;
    white-space: normal;
  }
  pre.output {
    max-height: 32rem;
    overflow: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .pages,
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    margin: 0 0 0.5rem;
  }
  .tabs [aria-current] {
    color: var(--text);
    font-weight: 700;
  }
  .tick,
  .tick input {
    width: 1.5rem;
    min-height: 1.5rem;
    flex: none;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    border: 1px solid var(--line);
    border-radius: 0.35rem;
  }
  fieldset label {
    display: flex;
    align-items: center;
    gap: 0.4rem;
    flex: none;
    color: var(--text);
  }
  fieldset input {
    width: auto;
    min-height: 1.5rem;
  }
  textarea {
    width: 100%;
    min-height: 5rem;
    border: 1px solid var(--quiet);
    border-radius: 0.35rem;
    background: var(--surface);
    color: var(--text);
    font-family: ui-monospace, monospace;
    font-size: 0.9em;
  }
  .silence-form {
    flex-direction: column;
    align-items: stretch;
    max-width: 60rem;
  }
  .silence-form label:first-of-type {
    max-width: none;
    flex: none;
  }
  .silence-form button {
    align-self: flex-start;
  }
  button.quiet {
    background: var(--surface);
    color: var(--link);
  }
`;
