import { createElementReader } from '../../platform/json/elements.ts';
import type { Upstream, UpstreamFailureReason } from './upstream.ts';

interface ReadListOptions<T> {
  readonly upstream: Upstream;
  readonly what: string;
  readonly request: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly body?: Buffer;
    readonly headers?: Readonly<Record<string, string>>;
    readonly timeout?: number;
  };
  /** The keys on the way to the list. */
  readonly at: readonly string[];
  /** More elements than this are not read. */
  readonly limit: number;
  /** Makes of an element what is kept; undefined if it is malformed. */
  readonly parse: (element: unknown) => T | undefined;
  readonly signal: AbortSignal;
}

/** A list as an upstream told it, or why there is none. What was read before a failure stands beside the reason. */
export type ListAnswer<T> =
  | {
      readonly ok: true;
      readonly items: readonly T[];
      /** Why the list is not whole; undefined if it is. */
      readonly cut: string | undefined;
      readonly malformed: number;
      /** What Prometheus warns of. */
      readonly warnings: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reason: UpstreamFailureReason;
      readonly detail: string;
      readonly items: readonly T[];
    };

/** A longer element is left out. */
const MAX_ELEMENT_BYTES = 1024 * 1024;

/** Reads a list element by element while it arrives. */
export async function readList<T>(options: ReadListOptions<T>): Promise<ListAnswer<T>> {
  const { upstream, what, request, at, limit, parse, signal } = options;
  const items: T[] = [];
  let malformed = 0;
  let isStopped = false as boolean;
  const reader = createElementReader({
    path: at,
    maxElementBytes: MAX_ELEMENT_BYTES,
    onElement: (text) => {
      if (items.length >= limit) {
        isStopped = true;
        return false;
      }
      const item = parseElement(text, parse);
      if (item === undefined) malformed += 1;
      else items.push(item);
      return true;
    },
    onOversized: () => (malformed += 1),
  });
  const answer = await upstream.ask({ ...request, what, signal, onChunk: (chunk) => reader.take(chunk) });
  if (!answer.ok) {
    if (answer.reason !== 'too_large' || items.length === 0) return { ...answer, items };
    return { ok: true, items, malformed, warnings: [], cut: `${items.length} of more: ${answer.detail}` };
  }
  if (isStopped) return { ok: true, items, malformed, warnings: [], cut: `${items.length} of more` };
  const warnings = warningsIn(reader.end());
  if (warnings === undefined) {
    const failed = {
      reason: 'bad_response',
      detail: 'the answer is not the list that was asked for',
    } as const;
    return { ok: false, ...failed, items };
  }
  return { ok: true, items, malformed, cut: undefined, warnings };
}

function parseElement<T>(text: string, parse: (element: unknown) => T | undefined): T | undefined {
  try {
    return parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

// What surrounds the list: undefined if it is not JSON.
function warningsIn(envelope: string | undefined): readonly string[] | undefined {
  if (envelope === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(envelope);
    const warnings = typeof value === 'object' && value !== null && 'warnings' in value ? value.warnings : [];
    return Array.isArray(warnings) ? warnings.filter((warning) => typeof warning === 'string') : [];
  } catch {
    return undefined;
  }
}
