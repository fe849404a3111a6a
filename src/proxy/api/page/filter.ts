import type { RecentEnrichment } from '../../activity/recent-enrichments.ts';

/** Longer input is cut. */
export const MAX_INPUT = 200;

/** Which enrichments the reader wants to see; empty: all. */
export interface Filter {
  /** Words that must all occur, in any of the fields. */
  readonly text: string;
  readonly source: string;
  readonly result: string;
}

/** Reads the filter from the query parameters of the page. */
export function parseFilter(query: Readonly<Record<string, unknown>>): Filter {
  const read = (name: string): string => {
    const value = query[name];
    return typeof value === 'string' ? value.slice(0, MAX_INPUT).toWellFormed().trim() : '';
  };
  return { text: read('q'), source: read('source'), result: read('result') };
}

export function isEmpty({ text, source, result }: Filter): boolean {
  return text === '' && source === '' && result === '';
}

/** Says of one enrichment whether the filter lets it through. */
export function createMatch({ text, source, result }: Filter): (enrichment: RecentEnrichment) => boolean {
  const words = text.toLowerCase().split(/\s+/);
  return (enrichment) =>
    (source === '' || enrichment.source === source) &&
    (result === '' || enrichment.cache === result) &&
    words.every((word) => word === '' || textOf(enrichment).includes(word));
}

function textOf({ labels, status, source, cache, host, url, reason, output }: RecentEnrichment): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [...pairs, status, source, cache, host, url, reason, output].join('\n').toLowerCase();
}
