import type { ProblemState, Status } from '../model/cluster.ts';
import { parseFilter, type Filter } from './filter.ts';

export const STATES = ['unhandled', 'silenced', 'inhibited', 'no_alert', 'all'] as const;
export const STATUSES = ['critical', 'warning', 'unknown', 'other'] as const;
const GROUPS = ['none', 'check', 'node', 'alertname'] as const;
const SORTS = ['status', '-since', 'since', 'node', 'check'] as const;

/** What a list shows: all of it stands in the address of the page. */
export interface ListQuery {
  readonly filter: Filter;
  /** Names of clusters; none: all that the reader may see. */
  readonly clusters: readonly string[];
  readonly state: ProblemState | 'all';
  /** Undefined: all. */
  readonly status: Status | undefined;
  readonly group: (typeof GROUPS)[number];
  readonly sort: (typeof SORTS)[number];
  /** Counted from 1. */
  readonly page: number;
  readonly limit: number;
  /** What a page offers besides, such as a tab. */
  readonly show: string;
}

/** Rows that one answer may have. */
const MAX_LIMIT = 1_000;

/** Reads the query of an address. What it does not understand counts as absent. */
export function parseListQuery(query: Readonly<Record<string, unknown>>, pageSize: number): ListQuery {
  const text = (name: string): string => textsOf(query[name])[0] ?? '';
  return {
    filter: parseFilter(text('q')),
    clusters: textsOf(query['cluster']).filter((name) => name !== ''),
    state: oneOf(STATES, text('state')) ?? 'unhandled',
    status: oneOf(STATUSES, text('status')),
    group: oneOf(GROUPS, text('group')) ?? 'none',
    sort: oneOf(SORTS, text('sort')) ?? 'status',
    page: numberOf(text('page'), Number.MAX_SAFE_INTEGER) ?? 1,
    limit: numberOf(text('limit'), MAX_LIMIT) ?? pageSize,
    show: text('show').slice(0, 40),
  };
}

/** All texts that a parameter of an address has. */
export function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}

function oneOf<T extends string>(known: readonly T[], text: string): T | undefined {
  return known.find((one) => one === text);
}

function numberOf(text: string, max: number): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Math.min(Number(text), max) : undefined;
}
