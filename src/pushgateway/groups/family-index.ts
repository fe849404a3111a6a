import type { LabelPair, MetricFamily, MetricType } from '../exposition/metric-family.ts';
import { writeSeries } from '../exposition/write.ts';
import { seriesKey, type GroupFamily } from './group.ts';

/** One name over all groups. */
interface IndexedFamily {
  readonly type: MetricType;
  /** Of the member that came first; the Pushgateway shows one of them too. */
  readonly help: string | undefined;
  readonly members: Map<string, GroupFamily>;
}

/** What a group would hold after a push, beside what it holds now. */
export interface PlannedGroup {
  readonly key: string;
  /** What the push brings. */
  readonly added: readonly GroupFamily[];
  /** The names that it takes away or replaces. */
  readonly removed: ReadonlySet<string>;
}

const COLLIDING_SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  summary: ['_count', '_sum'],
  histogram: ['_count', '_sum', '_bucket'],
  gauge_histogram: ['_count', '_sum', '_bucket'],
};

/**
 * Every family and series of the groups by name, so that a push is checked against all that is exposed at the cost of what it pushes
 * (client_golang prometheus/registry.go, checkMetricConsistency and checkSuffixCollisions).
 */
export class FamilyIndex {
  readonly #families = new Map<string, IndexedFamily>();
  readonly #owners = new Map<string, string>();
  readonly #ownTypes: ReadonlyMap<string, MetricType>;
  #names: string[] | undefined;

  /** `ownTypes`: names that this program exposes itself. */
  constructor(ownTypes: ReadonlyMap<string, MetricType>) {
    this.#ownTypes = ownTypes;
  }

  /** How many metrics there are; a histogram counts once. */
  get series(): number {
    return this.#owners.size;
  }

  /** Sorted. */
  names(): readonly string[] {
    return (this.#names ??= [...this.#families.keys()].sort());
  }

  family(name: string): IndexedFamily | undefined {
    return this.#families.get(name);
  }

  add(key: string, family: GroupFamily): void {
    const { name, type, help } = family;
    const known = this.#families.get(name);
    if (known === undefined) {
      this.#families.set(name, { type, help, members: new Map([[key, family]]) });
      this.#names = undefined;
    } else known.members.set(key, family);
    for (const { labels } of family.metrics) this.#owners.set(seriesKey(name, labels), key);
  }

  remove(key: string, { name, metrics }: GroupFamily): void {
    const known = this.#families.get(name);
    known?.members.delete(key);
    if (known?.members.size === 0) {
      this.#families.delete(name);
      this.#names = undefined;
    }
    for (const { labels } of metrics) this.#owners.delete(seriesKey(name, labels));
  }

  /** What would be inconsistent after a push; undefined: nothing. */
  problem(planned: PlannedGroup): string | undefined {
    const types = new Map(planned.added.map(({ name, type }) => [name, type]));
    const typeOf = (name: string): MetricType | undefined =>
      types.get(name) ?? this.#typeWithout(name, planned);
    const seen = new Set<string>();
    for (const family of planned.added) {
      const problem =
        this.#typeProblem(family, planned) ??
        suffixProblem(family, typeOf) ??
        this.#duplicateProblem(family, { seen, key: planned.key });
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  // The type of a name that something other than what is replaced has.
  #typeWithout(name: string, { key, removed }: PlannedGroup): MetricType | undefined {
    const own = this.#ownTypes.get(name);
    const known = this.#families.get(name);
    if (own !== undefined || known === undefined) return own;
    const isReplaced = removed.has(name) && known.members.size === 1 && known.members.has(key);
    return isReplaced ? undefined : known.type;
  }

  #typeProblem(family: GroupFamily, planned: PlannedGroup): string | undefined {
    const type = this.#typeWithout(family.name, planned);
    if (type === undefined || type === family.type) return undefined;
    return `${describeFirst(family)} is not a ${type.toUpperCase()}`;
  }

  #duplicateProblem(
    { name, metrics }: GroupFamily,
    { seen, key }: { seen: Set<string>; key: string },
  ): string | undefined {
    for (const { labels } of metrics) {
      const series = seriesKey(name, labels);
      const owner = this.#owners.get(series);
      if (seen.has(series) || (owner !== undefined && owner !== key)) {
        return `${describe(name, labels)} was collected before with the same name and label values`;
      }
      seen.add(series);
    }
    return undefined;
  }
}

function suffixProblem(
  { name, type }: Pick<MetricFamily, 'name' | 'type'>,
  typeOf: (name: string) => MetricType | undefined,
): string | undefined {
  for (const suffix of ['_count', '_sum', '_bucket']) {
    const base = name.endsWith(suffix) ? typeOf(name.slice(0, -suffix.length)) : undefined;
    if (base !== undefined && COLLIDING_SUFFIXES[base]?.includes(suffix) === true) {
      return `collected metric named "${name}" collides with previously collected ${base} named "${name.slice(0, -suffix.length)}"`;
    }
  }
  const taken = COLLIDING_SUFFIXES[type]?.find((suffix) => typeOf(`${name}${suffix}`) !== undefined);
  if (taken === undefined) return undefined;
  return `collected histogram or summary named "${name}" collides with previously collected metric named "${name}${taken}"`;
}

function describeFirst({ name, metrics }: GroupFamily): string {
  return describe(name, metrics[0]?.labels ?? []);
}

function describe(name: string, labels: readonly LabelPair[]): string {
  return `collected metric "${name}" ${writeSeries('', labels, 'underscores')}`;
}
