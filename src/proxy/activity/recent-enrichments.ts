import { quoteShortened } from '../../platform/text/quote-shortened.ts';
import type { Alert, LabelSet } from '../alert/alert.ts';
import { cacheStateOf, type CacheState } from './cache-state.ts';
import type { Enriched, Enrichment } from '../enrich/enricher.ts';
import type { Reason } from '../enrich/reason.ts';

/** One enrichment, as the page shows it. */
export interface RecentEnrichment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly alertname: string;
  readonly labels: Alert['labels'];
  readonly status: Enriched['status'];
  readonly source: string;
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly cache: CacheState;
  readonly milliseconds: number;
  readonly reason: Reason | undefined;
  /** More about a failure. */
  readonly detail: string | undefined;
  /** The first line of the output, shortened; undefined if there is no output. */
  readonly output: string | undefined;
  /** All of it, as the alert carries it; of a failed fetch the last known one. */
  readonly text: string | undefined;
}

/** How many sends are remembered for each alert that is listed: what fires is sent again and again. */
const SENDS_PER_ALERT = 5;

/** The last enrichment of each alert, newest first. */
export class RecentEnrichments {
  readonly #size: number;
  readonly #now: () => number;
  readonly #ring: (Unread | RecentEnrichment)[] = [];
  #next = 0;

  constructor({ size, now }: { size: number; now: () => number }) {
    this.#size = size;
    this.#now = now;
  }

  /** Adds the enriched alerts of a batch. */
  add(alerts: readonly Alert[], enrichments: readonly Enrichment[]): void {
    const at = this.#now();
    for (const [index, alert] of alerts.entries()) {
      const asked = enrichments[index];
      if (asked?.kind !== 'asked') continue;
      this.#ring[this.#next] = isSmall(alert) ? { at, alert, asked } : cutDown(describe(at, alert, asked));
      this.#next = (this.#next + 1) % (this.#size * SENDS_PER_ALERT);
    }
  }

  list(): RecentEnrichment[] {
    const newestFirst = [
      ...this.#ring.slice(0, this.#next).reverse(),
      ...this.#ring.slice(this.#next).reverse(),
    ];
    const described = newestFirst.map((entry) =>
      'asked' in entry ? describe(entry.at, entry.alert, entry.asked) : entry,
    );
    return newestOfEach(described).slice(0, this.#size);
  }
}

/** An enrichment as it came, not yet described: most are overwritten before the page is opened. */
interface Unread {
  readonly at: number;
  readonly alert: Alert;
  readonly asked: Enriched;
}

// An alert keeps its annotations in memory, so very large alerts are cut down when they are added.
const MAX_UNREAD_BYTES = 16 * 1024;
/** The characters of labels that stay of such an alert. */
const MAX_LABELS_LENGTH = 4 * 1024;

function isSmall({ span }: Alert): boolean {
  return span.end - span.start <= MAX_UNREAD_BYTES;
}

/** Keeps whole labels while they fit; half a label could not be searched for. */
function cutDown(enrichment: RecentEnrichment): RecentEnrichment {
  let room = MAX_LABELS_LENGTH;
  const labels = Object.entries(enrichment.labels).filter(([name, value]) => {
    const { length } = name + value;
    const fits = length <= room;
    if (fits) room -= length;
    return fits;
  });
  const alertname = quoteShortened(enrichment.alertname);
  return { ...enrichment, alertname, labels: copyOf(Object.fromEntries(labels)) };
}

// In V8 a slice keeps the whole string in memory.
function copyOf(labels: LabelSet): LabelSet {
  return JSON.parse(JSON.stringify(labels)) as LabelSet;
}

function describe(at: number, { labels }: Alert, asked: Enriched): RecentEnrichment {
  const { rule, query, result, status, milliseconds } = asked;
  const output = result.ok ? result.output : result.last;
  const text = output && (output.annotations[status].entries[rule.outputAnnotation] ?? '');
  return {
    at,
    alertname: labels['alertname'] ?? '',
    labels,
    status,
    source: rule.source,
    url: query?.url,
    host: query?.host,
    cache: cacheStateOf(result),
    milliseconds,
    reason: result.ok ? undefined : result.reason,
    detail: result.ok ? undefined : result.detail,
    output: result.ok && text !== undefined ? firstLine(text) : undefined,
    text,
  };
}

const MAX_LINE = 120;

function firstLine(output: string): string {
  const [line = ''] = output.trimStart().split('\n', 1);
  // The cut must not split a surrogate pair.
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE).toWellFormed()}…` : line;
}

// An alert that fires comes once a minute, and one that is resolved for 15 minutes: what it was last is what counts.
function newestOfEach(newestFirst: readonly RecentEnrichment[]): RecentEnrichment[] {
  const newest = new Map<string, RecentEnrichment>();
  for (const enrichment of newestFirst) {
    const key = JSON.stringify(Object.entries(enrichment.labels).sort());
    if (!newest.has(key)) newest.set(key, enrichment);
  }
  return [...newest.values()];
}
