import type { Known } from '../model/member.ts';

/** What one upstream last told, with its name. */
export interface Told<T> {
  readonly name: string;
  readonly known: Known<T> | undefined;
}

export type Usable<T> = Told<T> & { readonly known: Known<T> };

/** What counts: the answers that are new enough; if there are none, the last ones there were. */
export function usableOf<T>(told: readonly Told<T>[], { now, freshFor }: Freshness): readonly Usable<T>[] {
  const known = told.filter((one): one is Usable<T> => one.known !== undefined);
  const fresh = known.filter((one) => now - one.known.at <= freshFor);
  return fresh.length > 0 ? fresh : known;
}

/** Milliseconds: now, and the age up to which an answer is new enough. */
export interface Freshness {
  readonly now: number;
  readonly freshFor: number;
}
