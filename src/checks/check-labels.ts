import type { KnownCheck } from './known-checks.ts';

/** The labels that tell the series of one check from those of all others. */
export interface CheckLabels {
  readonly names: readonly string[];
  readonly of: (check: KnownCheck) => Readonly<Record<string, string>>;
}

/** On one node: `check`, and `source` where a result is about another device. */
export const NODE_LABELS: CheckLabels = { names: ['check', 'source'], of: labelsOf };

/** The labels of a check on one node: those of its own checks have no source. */
export function labelsOf({ name, source }: Pick<KnownCheck, 'name' | 'source'>): {
  check: string;
  source?: string;
} {
  return source === undefined ? { check: name } : { check: name, source };
}
