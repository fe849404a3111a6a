import type { ClusterSnapshot, Problem, Status } from '../model/cluster.ts';
import type { ListQuery } from './list-query.ts';

/** A page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Counted from 1; the last one if there are not so many. */
  readonly page: number;
  readonly pages: number;
}

const SEVERITY: Readonly<Record<Status, number>> = { critical: 0, unknown: 1, warning: 2, other: 3, ok: 4 };

/** The problems that a query means, in its order. */
export function findProblems(snapshots: readonly ClusterSnapshot[], query: ListQuery): Problem[] {
  const found = snapshots.flatMap(({ problems }) => problems.filter((problem) => isMeant(problem, query)));
  return found.sort(ORDERS[query.sort]);
}

/** The rows of the page that a query asks for. */
export function pageOf<Row>(
  rows: readonly Row[],
  { page, limit }: Pick<ListQuery, 'page' | 'limit'>,
): Page<Row> {
  const pages = Math.max(1, Math.ceil(rows.length / limit));
  const shown = Math.min(page, pages);
  return { rows: rows.slice((shown - 1) * limit, shown * limit), total: rows.length, page: shown, pages };
}

function isMeant(problem: Problem, { state, status, filter }: ListQuery): boolean {
  // What no Alertmanager knows is unhandled all the more.
  const isOfState =
    state === 'all' || problem.state === state || (state === 'unhandled' && problem.state === 'no_alert');
  return (
    isOfState &&
    (status === undefined || problem.status === status) &&
    filter.matches(problem.labels, problem.text)
  );
}

type Order = (one: Problem, other: Problem) => number;

const byName: Order = (one, other) =>
  compare(one.node, other.node) || compare(one.check, other.check) || compare(one.id, other.id);
const bySince: Order = (one, other) => (one.since ?? Infinity) - (other.since ?? Infinity);

const ORDERS: Readonly<Record<ListQuery['sort'], Order>> = {
  // What needs a person most stands first, and of that the newest.
  status: (one, other) =>
    SEVERITY[one.status] - SEVERITY[other.status] || newestFirst(one, other) || byName(one, other),
  since: (one, other) => orderOf(bySince(one, other)) || byName(one, other),
  '-since': (one, other) => newestFirst(one, other) || byName(one, other),
  node: byName,
  check: (one, other) => compare(one.check, other.check) || byName(one, other),
};

function newestFirst(one: Problem, other: Problem): number {
  return (other.since ?? 0) - (one.since ?? 0);
}

// Infinity minus infinity.
function orderOf(difference: number): number {
  return Number.isNaN(difference) ? 0 : difference;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
