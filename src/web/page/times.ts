import { formatSpan } from '../../page/format.ts';
import { html, type Html } from '../../page/html.ts';

/** Writes moments for people of one time zone. */
export interface Times {
  /** `2026-11-30 23:41:10`, with the zone for those who point at it. */
  moment(time: number): Html;
  /** `3 h`, with the moment for those who point at it. */
  since(time: number | undefined, now: number): Html;
}

/** Times in a zone, such as Asia/Tokyo. */
export function createTimes(zone: string): Times {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const element = (time: number, words: string): Html =>
    html`<time datetime="${new Date(time).toISOString()}" title="${format.format(time)} ${zone}"
      >${words}</time
    >`;
  return {
    moment: (time) => element(time, format.format(time)),
    since: (time, now) =>
      time === undefined
        ? html`<span class="none">–</span>`
        : element(time, formatSpan(Math.max(1_000, Math.abs(now - time)))),
  };
}
