import { nounFor } from '../platform/text/pluralize.ts';
import type { TypicalDuration } from '../platform/time/recent-durations.ts';
import { html, type Html } from './html.ts';

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function formatNumber(value: number): string {
  return NUMBER.format(value);
}

/** As short as a glance allows: `<1 ms`, `12 ms`, `1.2 s`, `3 min`, `2 h`, `4 d`. */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 1) return '<1 ms';
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10_000) return `${formatNumber(milliseconds / 1_000)} s`;
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 1_000)} s`;
  if (milliseconds < 3_600_000) return `${Math.floor(milliseconds / 60_000)} min`;
  if (milliseconds < 86_400_000) return `${Math.floor(milliseconds / 3_600_000)} h`;
  return `${Math.floor(milliseconds / 86_400_000)} d`;
}

export function formatLatency(latency: TypicalDuration | undefined): Html {
  if (latency === undefined) return NOTHING;
  return html`${formatSpan(latency.median)} <small>95&nbsp;% within&nbsp;${formatSpan(latency.p95)}</small>`;
}

/** How long ago, with the exact moment for those who point at it. */
export function formatAgo(at: number | undefined, now: number): Html {
  if (at === undefined) return NOTHING;
  const moment = new Date(at).toISOString();
  const seconds = Math.floor(Math.max(0, now - at) / 1_000);
  const words = seconds === 0 ? 'just now' : `${formatSpan(seconds * 1_000)} ago`;
  return html`<span title="${moment}">${words}</span>`;
}

/** `1 node`, `2 nodes`. */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${nounFor(count, noun)}`;
}

/** Keeps the page small, whatever is put into it. */
export function cut(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

/** What stands where nothing is known yet. */
export const NOTHING = html`<span class="none">–</span>`;
