import type { LabelPair, MetricFamily, MetricType } from '../exposition/metric-family.ts';
import type { Change } from '../storage/change.ts';
import { FamilyIndex } from './family-index.ts';
import { readGroup, recordOf } from './group-record.ts';
import { keyOf, toGroupFamily, type Group, type GroupFamily } from './group.ts';

/** The families that each group has by itself; pushed ones of these names are left out. */
export const GROUP_TIMES = ['push_time_seconds', 'push_failure_time_seconds'] as const;

/** `replace`: the group holds what is pushed and nothing else (PUT); `merge`: families of other names stay (POST). */
export type PushMode = 'replace' | 'merge';

export interface PlainPush {
  readonly labels: readonly LabelPair[];
  readonly mode: PushMode;
  readonly families: readonly MetricFamily[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds without a push after which the group goes; 0: never; undefined: as before. */
  readonly ttl: number | undefined;
}

/** What a push comes to. A refused one can change something too: the time of the failure. */
export type PushPlan =
  | { readonly outcome: 'stored'; readonly changes: readonly Change[] }
  | { readonly outcome: 'inconsistent'; readonly problem: string; readonly changes: readonly Change[] }
  | { readonly outcome: 'full'; readonly problem: string };

export interface GroupLimits {
  readonly groups: number;
  readonly series: number;
}

/** All groups by their keys. Nothing in it changes but by a change that was planned here. */
export class GroupStore {
  readonly index: FamilyIndex;
  readonly limits: GroupLimits;
  readonly #groups = new Map<string, Group>();
  // By the labels that are not empty: Prometheus cannot tell apart what differs in the others only.
  readonly #identities = new Map<string, string>();

  constructor(options: { readonly ownTypes: ReadonlyMap<string, MetricType>; readonly limits: GroupLimits }) {
    const times = GROUP_TIMES.map((name): [string, MetricType] => [name, 'gauge']);
    this.index = new FamilyIndex(new Map([...options.ownTypes, ...times]));
    this.limits = options.limits;
  }

  get size(): number {
    return this.#groups.size;
  }

  all(): Group[] {
    return [...this.#groups.values()];
  }

  /** Takes in what the disk holds; false if it cannot be read. */
  restore(value: string): boolean {
    const group = readGroup(value);
    if (group === undefined) return false;
    this.#set(keyOf(group.labels), group);
    return true;
  }

  planPush(push: PlainPush): PushPlan {
    const key = keyOf(push.labels);
    const before = this.#groups.get(key);
    const twin = this.#identities.get(identityOf(push.labels));
    if (twin !== undefined && twin !== key) {
      return { outcome: 'inconsistent', problem: twinProblem(push.labels), changes: [] };
    }
    const added = push.families.map((family) => toGroupFamily(family, push.labels, push.now));
    const removed = new Set(
      push.mode === 'replace' ? before?.families.keys() : added.map(({ name }) => name),
    );
    const problem = this.index.problem({ key, added, removed });
    if (problem !== undefined)
      return { outcome: 'inconsistent', problem, changes: this.#planFailure(push, key) };
    const full = this.#fullProblem(before, added);
    if (full !== undefined) return { outcome: 'full', problem: full };
    const kept = [...(before?.families ?? [])].filter(([name]) => !removed.has(name));
    return {
      outcome: 'stored',
      changes: [
        this.#planReplace(key, {
          labels: push.labels,
          families: new Map([
            ...kept,
            ...added.map((family): [string, GroupFamily] => [family.name, family]),
          ]),
          pushTime: push.now / 1000,
          pushFailureTime: before?.pushFailureTime ?? 0,
          ttl: push.ttl === undefined ? before?.ttl : push.ttl || undefined,
        }),
      ],
    };
  }

  /** Notes that a push was refused because of what it holds. */
  planRefusal(labels: readonly LabelPair[], now: number): readonly Change[] {
    return this.#planFailure({ labels, now }, keyOf(labels));
  }

  planRemoval(groups: Iterable<Group>): readonly Change[] {
    return [...groups].map(({ labels }) => this.#planReplace(keyOf(labels), undefined));
  }

  find(labels: readonly LabelPair[]): Group | undefined {
    return this.#groups.get(keyOf(labels));
  }

  #planFailure({ labels, now }: Pick<PlainPush, 'labels' | 'now'>, key: string): readonly Change[] {
    const before = this.#groups.get(key);
    const isTwin = before === undefined && this.#identities.has(identityOf(labels));
    if (isTwin || (before === undefined && this.#groups.size >= this.limits.groups)) return [];
    const empty = { labels, families: new Map<string, GroupFamily>(), pushTime: 0, ttl: undefined };
    return [this.#planReplace(key, { ...empty, ...before, pushFailureTime: now / 1000 })];
  }

  #planReplace(key: string, after: Group | undefined): Change {
    const before = this.#groups.get(key);
    return {
      records: [recordOf(key, after)],
      apply: () => {
        this.#set(key, after);
      },
      undo: () => {
        this.#set(key, before);
      },
    };
  }

  // Families that both have are left where they are.
  #set(key: string, group: Group | undefined): void {
    const before = this.#groups.get(key);
    for (const [name, family] of before?.families ?? []) {
      if (group?.families.get(name) !== family) this.index.remove(key, family);
    }
    for (const [name, family] of group?.families ?? []) {
      if (before?.families.get(name) !== family) this.index.add(key, family);
    }
    if (group === undefined) {
      this.#groups.delete(key);
      if (before !== undefined) this.#identities.delete(identityOf(before.labels));
    } else {
      this.#groups.set(key, group);
      this.#identities.set(identityOf(group.labels), key);
    }
  }

  #fullProblem(before: Group | undefined, added: readonly GroupFamily[]): string | undefined {
    if (before === undefined && this.#groups.size >= this.limits.groups) {
      return `no room for new groups: the limit is ${this.limits.groups}`;
    }
    const pushed = added.reduce((sum, { metrics }) => sum + metrics.length, 0);
    const known = added.reduce((sum, { name }) => sum + (before?.families.get(name)?.metrics.length ?? 0), 0);
    if (pushed <= known || this.index.series + pushed - known <= this.limits.series) return undefined;
    return `no room for new series: the limit is ${this.limits.series}`;
  }
}

function identityOf(labels: readonly LabelPair[]): string {
  return keyOf(labels.filter(([, value]) => value !== ''));
}

function twinProblem(labels: readonly LabelPair[]): string {
  const text = labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');
  return `another group differs from {${text}} by empty labels only, which Prometheus takes for the same`;
}
