import type { LabelSet } from '../../alert/alert.ts';
import type { Failure, Lookup, LookupResult, Parts, Query } from '../lookup.ts';
import { anyOf, type Demand } from '../demand.ts';
import { UNUSABLE } from '../reason.ts';
import type { UrlTemplate } from '../../../platform/http/url-template.ts';

export interface BatchedOptions {
  /** The label in which the alerts of a batch may differ: its values, joined by commas, stand in the URL. */
  readonly label: string;
  readonly template: UrlTemplate;
}

/** One question that waits for others to go with it. */
interface Member {
  readonly query: Query;
  readonly name: string;
  readonly patience: Demand;
  readonly answer: (result: LookupResult | Promise<LookupResult>) => void;
}

/** So many names make a URL that every server takes. */
const MAX_MEMBERS = 50;

const UNKNOWN: Failure = { ok: false, reason: 'not_found' };

/**
 * Gathers the questions to one host that are asked in the same turn of the event loop, as those of one batch of alerts
 * are, and asks them all at once.
 * @param one asks a single question
 * @param many asks several at once, by the URL that holds all their names
 */
export function batched(one: Lookup, many: Lookup<Parts>, { label, template }: BatchedOptions): Lookup {
  const gathering = new Map<string, Member[]>();
  const expand = (labels: LabelSet, names: string) => template.expand({ ...labels, [label]: names });

  async function ask(members: readonly Member[]): Promise<void> {
    const [first, second] = members;
    const names = members.map(({ name }) => name);
    const url = first && expand(first.query.alert.labels, names.join(','));
    if (second === undefined || typeof url !== 'object') {
      members.forEach(askAlone);
      return;
    }
    const query = { ...second.query, ...url, names };
    const result = await many(query, anyOf(members.map(({ patience }) => patience)));
    for (const member of members) {
      if (result.ok) member.answer(result.output.get(member.name) ?? UNKNOWN);
      else if (UNUSABLE.has(result.reason)) askAlone(member);
      else member.answer(result);
    }
  }

  function askAlone({ answer, query, patience }: Member): void {
    answer(one(query, patience));
  }

  function join(group: string, member: Member): void {
    const gathered = gathering.get(group);
    if (gathered !== undefined && gathered.length < MAX_MEMBERS) {
      gathered.push(member);
      return;
    }
    const members = [member];
    gathering.set(group, members);
    queueMicrotask(() => {
      if (gathering.get(group) === members) gathering.delete(group);
      void ask(members);
    });
  }

  return (query, patience) => {
    const { labels } = query.alert;
    const name = labels[label] ?? '';
    // The same for all that differ in nothing but the name.
    const group = expand(labels, '-');
    if (name === '' || name.includes(',') || typeof group === 'string') return one(query, patience);
    return new Promise((answer) => {
      join(group.url, { query, name, patience, answer });
    });
  };
}
