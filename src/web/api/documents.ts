import type { ClusterNode, ClusterSnapshot, Problem } from '../model/cluster.ts';
import { countNodes, countProblems, summariseChecks } from '../query/counts.ts';
import { findNodes } from '../query/nodes.ts';
import { findProblems, pageOf, type Page } from '../query/problems.ts';
import { countSilences, findSilences, SILENCE_TABS, type SilenceRow } from '../query/silences.ts';
import { writeMatchers } from '../merge/silences.ts';
import type { View } from './view.ts';

type Json = Readonly<Record<string, unknown>>;

/** `GET /api/v1/clusters`. */
export function clustersDocument({ snapshots, viewer, now }: View): Json {
  return {
    data: snapshots.map((snapshot) => ({
      name: snapshot.name,
      title: snapshot.title,
      fresh: snapshot.isFresh,
      as_of: mapValues(snapshot.asOf, iso),
      role: viewer.roleIn(snapshot.name),
      problems: countProblems(snapshot.problems),
      nodes: countNodes(snapshot),
      silences: countSilences([snapshot], now),
      pipeline: { ...snapshot.pipeline, missingSince: iso(snapshot.pipeline.missingSince) },
      warnings: snapshot.warnings,
      upstreams: snapshot.upstreams.map(
        ({ failure, lastAnswerAt, externalUrl, clockAhead, ...upstream }) => ({
          ...upstream,
          external_url: externalUrl,
          clock_ahead_seconds: Math.round(clockAhead / 1000),
          last_answer_at: iso(lastAnswerAt),
          error: failure && { ...failure, since: iso(failure.since) },
        }),
      ),
    })),
  };
}

/** `GET /api/v1/alerts`: problems, which are alerts and failing checks without one. */
export function alertsDocument(view: View): Json {
  return listDocument(view, pageOf(findProblems(view.snapshots, view.query), view.query), describeProblem);
}

/** `GET /api/v1/nodes`. */
export function nodesDocument(view: View): Json {
  const page = pageOf(findNodes(view.snapshots, view.query), view.query);
  return listDocument(view, page, (node) => ({ ...describeNode(node), problems: node.counts }));
}

/** `GET /api/v1/checks`. */
export function checksDocument(view: View): Json {
  const problems = findProblems(view.snapshots, { ...view.query, state: 'all' });
  const page = pageOf(summariseChecks(problems), view.query);
  return listDocument(view, page, ({ oldest, ...check }) => ({ ...check, oldest: iso(oldest) }));
}

/** `GET /api/v1/silences`; `show` names the tab. */
export function silencesDocument(view: View): Json {
  const tab = SILENCE_TABS.find((known) => known === view.query.show) ?? 'active';
  const rows = findSilences(view.snapshots, view.query, tab, view.now);
  return listDocument(view, pageOf(rows, view.query), describeSilence);
}

/** One silence as JSON. */
export function describeSilence({ cluster, silence }: SilenceRow): Json {
  const { id, state, matchers, createdBy, comment, hits, members } = silence;
  return {
    cluster,
    id,
    state,
    matchers,
    filter: writeMatchers(matchers),
    author: createdBy,
    comment,
    starts_at: iso(silence.startsAt),
    ends_at: iso(silence.endsAt),
    updated_at: iso(silence.updatedAt),
    hits,
    members: mapValues(members, (memberState) => memberState ?? 'missing'),
  };
}

/** One problem as JSON. */
export function describeProblem(problem: Problem): Json {
  return { ...problem, text: undefined, since: iso(problem.since) };
}

/** One node as JSON. */
export function describeNode({
  cluster,
  name,
  state,
  reachedBy,
  missedBy,
  targets,
  knownChecks,
}: ClusterNode): Json {
  return {
    cluster,
    name,
    state,
    reached_by: reachedBy,
    missed_by: missedBy,
    targets,
    known_checks: knownChecks,
  };
}

function listDocument<Row>(view: View, page: Page<Row>, describe: (row: Row) => Json): Json {
  return {
    data: page.rows.map(describe),
    total: page.total,
    page: page.page,
    pages: page.pages,
    generation: view.snapshots.map(({ generation }) => generation),
    filter_mistake: view.query.filter.mistake,
    clusters: view.snapshots.map(describeAge),
  };
}

function describeAge({ name, asOf, warnings, isFresh }: ClusterSnapshot): Json {
  return { name, as_of: iso(asOf.alerts), problem: isFresh ? undefined : warnings[0]?.sentence };
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
