/** Something that is not converted as it was, of one thing. Those that say the same of several become one sentence. */
export interface Fact {
  readonly weight: Weight;
  readonly subject: Subject;
  /** Of the check, handler, setting or silence; of `plain`, a file or a key of the settings. */
  readonly name: string;
  readonly text: string;
}

/** `check "a": …`, but `plain` names stand without a word before them, and `attribute of X` is `X: a: …`. */
export type Subject =
  | 'check'
  | 'handler'
  | 'setting'
  | 'silenced'
  | 'plain'
  | 'attribute of client'
  | 'attribute of sensu'
  | 'attribute of settings';

/** From what somebody may not be told of, over what is told otherwise, to what is not needed any more. */
export type Weight = (typeof WEIGHTS)[number];

const WEIGHTS = ['unheard', 'different', 'needless'] as const;
// More of them make the list long, and nobody reads them.
const MAX_NAMES = 5;

/** A sentence for each thing that is not converted, what matters first. */
export function toSentences(facts: readonly Fact[]): string[] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.subject, fact.text]);
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  const sorted = [...groups.values()].sort((a, b) => weightOf(a) - weightOf(b));
  return sorted.map(toSentence);
}

function weightOf(group: readonly Fact[]): number {
  return Math.min(...group.map(({ weight }) => WEIGHTS.indexOf(weight)));
}

function toSentence(group: readonly Fact[]): string {
  const { subject = 'plain', text = '' } = group[0] ?? {};
  const names = [...new Set(group.map(({ name }) => name))];
  return `${labelOf(subject, names)}: ${text}`;
}

function labelOf(subject: Subject, names: readonly string[]): string {
  if (subject === 'plain') return listed(names);
  if (subject.startsWith('attribute of ')) return `${subject.replace('attribute of ', '')}: ${listed(names)}`;
  const isOne = names.length === 1 || subject === 'silenced';
  return `${subject}${isOne ? '' : 's'} ${listed(names.map((name) => `"${name}"`))}`;
}

function listed(names: readonly string[]): string {
  const shown = names.length > MAX_NAMES + 1 ? names.slice(0, MAX_NAMES) : names;
  const others = names.length - shown.length;
  return `${shown.join(', ')}${others === 0 ? '' : ` and ${others} others`}`;
}
