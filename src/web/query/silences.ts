import type { ClusterSilence, ClusterSnapshot } from '../model/cluster.ts';
import { writeMatchers } from '../merge/silences.ts';
import type { ListQuery } from './list-query.ts';

/** What the list of silences can be narrowed to. */
export const SILENCE_TABS = ['active', 'pending', 'expired', 'ending', 'unused'] as const;

export type SilenceTab = (typeof SILENCE_TABS)[number];

export interface SilenceRow {
  readonly cluster: string;
  readonly silence: ClusterSilence;
}

const SOON_MS = 60 * 60_000;

/** Whether a silence belongs under a tab. */
const TABS: Readonly<Record<SilenceTab, (silence: ClusterSilence, now: number) => boolean>> = {
  active: ({ state }) => state === 'active',
  pending: ({ state }) => state === 'pending',
  expired: ({ state }) => state === 'expired',
  ending: ({ state, endsAt }, now) => state === 'active' && endsAt - now < SOON_MS,
  unused: ({ state, hits }) => state === 'active' && hits === 0,
};

/** The silences that a query means under a tab. */
export function findSilences(
  snapshots: readonly ClusterSnapshot[],
  { filter }: Pick<ListQuery, 'filter'>,
  tab: SilenceTab,
  now: number,
): SilenceRow[] {
  const rows = allSilences(snapshots).filter(
    ({ silence, cluster }) =>
      TABS[tab](silence, now) && filter.matches(labelsOf(cluster, silence), textOf(silence)),
  );
  return tab === 'expired' ? rows.reverse() : rows;
}

/** How many silences are under each tab. */
export function countSilences(
  snapshots: readonly ClusterSnapshot[],
  now: number,
): Readonly<Record<SilenceTab, number>> {
  const all = allSilences(snapshots);
  const count = (tab: SilenceTab): number => all.filter(({ silence }) => TABS[tab](silence, now)).length;
  return {
    active: count('active'),
    pending: count('pending'),
    expired: count('expired'),
    ending: count('ending'),
    unused: count('unused'),
  };
}

// By the end, over all clusters.
function allSilences(snapshots: readonly ClusterSnapshot[]): SilenceRow[] {
  return snapshots
    .flatMap(({ name, silences }) => silences.map((silence) => ({ cluster: name, silence })))
    .sort((one, other) => one.silence.endsAt - other.silence.endsAt);
}

// So that author=alice finds hers.
function labelsOf(cluster: string, { createdBy, comment, matchers }: ClusterSilence): Record<string, string> {
  const exact = matchers.filter(({ isRegex, isEqual }) => !isRegex && isEqual);
  return {
    ...Object.fromEntries(exact.map(({ name, value }) => [name, value])),
    cluster,
    author: createdBy,
    comment,
  };
}

function textOf({ createdBy, comment, matchers, id }: ClusterSilence): string {
  return [createdBy, comment, id, ...writeMatchers(matchers)].join('\n').toLowerCase();
}
