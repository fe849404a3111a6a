import { anyOf } from '../deadline.ts';
import type { Lookup, LookupResult, Patience } from '../lookup.ts';

interface Flight {
  readonly result: Promise<LookupResult>;
  readonly waiting: Patience[];
}

/** One request per key, however many ask meanwhile. It belongs to all of them: none can end it for the others. */
export function coalesced(next: Lookup): Lookup {
  const flights = new Map<string, Flight>();
  return (query, patience) => {
    const known = flights.get(query.key);
    if (known !== undefined) {
      known.waiting.push(patience);
      return known.result;
    }
    const waiting = [patience];
    const result = Promise.resolve(next(query, anyOf(waiting))).finally(() => flights.delete(query.key));
    flights.set(query.key, { result, waiting });
    return result;
  };
}
