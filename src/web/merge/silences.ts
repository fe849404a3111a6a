import { matchesAll, parseMatcher, type LabelSet, type Matcher } from '../../alertmanager-api/matcher.ts';
import { quote } from '../../alertmanager-api/write-matcher.ts';
import type { ClusterSilence } from '../model/cluster.ts';
import type { MemberSilence, SilenceMatcher } from '../model/member.ts';
import { usableOf, type Freshness, type Told } from './usable.ts';

type Member = Told<ReadonlyMap<string, MemberSilence>>;

/**
 * The silences of a cluster, newest end last: the union of what its Alertmanagers have. The newest version of each counts, and it is expired
 * only if all that know it say so.
 */
export function mergeSilences(
  members: readonly Member[],
  labelSets: readonly LabelSet[],
  freshness: Freshness,
): ClusterSilence[] {
  const usable = usableOf(members, freshness);
  const ids = new Set(usable.flatMap(({ known }) => [...known.value.keys()]));
  const merged = [...ids].flatMap((id): ClusterSilence[] => {
    const versions = usable.flatMap(({ known }) => known.value.get(id) ?? []);
    const newest = versions.toSorted((one, other) => other.updatedAt - one.updatedAt)[0];
    if (newest === undefined) return [];
    const states = Object.fromEntries(usable.map(({ name, known }) => [name, known.value.get(id)?.state]));
    const alive = versions.find(({ state }) => state !== 'expired');
    return [{ ...newest, state: alive?.state ?? 'expired', members: states, hits: 0 }];
  });
  return merged
    .map((silence) =>
      silence.state === 'expired' ? silence : { ...silence, hits: countHits(silence, labelSets) },
    )
    .toSorted((one, other) => one.endsAt - other.endsAt);
}

/** The matchers of a silence in Alertmanager's words, such as `check="check_disk"`. */
export function writeMatchers(matchers: readonly SilenceMatcher[]): string[] {
  return matchers.map(writeMatcher);
}

/** One matcher of a silence in Alertmanager's words. */
function writeMatcher({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  // Newer versions take any name, in quotes.
  const written = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name);
  return `${written}${operator}${quote(value)}`;
}

/** A test for what these matchers hit; of an expression that RE2 does not take, nothing. */
export function hitTest(matchers: readonly SilenceMatcher[]): (labels: LabelSet) => boolean {
  try {
    const parsed: readonly Matcher[] = writeMatchers(matchers).map((text) => parseMatcher(text));
    return (labels) => matchesAll(parsed, labels);
  } catch {
    return () => false;
  }
}

function countHits({ matchers }: MemberSilence, labelSets: readonly LabelSet[]): number {
  const hits = hitTest(matchers);
  return labelSets.filter(hits).length;
}
