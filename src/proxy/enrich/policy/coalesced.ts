import type { Lookup, LookupResult } from '../lookup.ts';
import { anyOf, type Demand } from '../demand.ts';

interface Flight {
  readonly result: Promise<LookupResult>;
  readonly patience: Demand;
  readonly waiting: Demand[];
}

/** One request per key, however many ask meanwhile. It belongs to all of them: none can end it for the others. */
export function coalesced(next: Lookup): Lookup {
  const flights = new Map<string, Flight>();
  const ask: Lookup = (query, patience) => {
    const known = flights.get(query.key);
    if (known !== undefined) {
      const wasRefresh = !known.patience.isUrgent;
      known.waiting.push(patience);
      if (!wasRefresh || !patience.isUrgent) return known.result;
      // Where there was no room for a refresh, there may be for an alert.
      return known.result.then((result) =>
        !result.ok && result.reason === 'overloaded' ? ask(query, patience) : result,
      );
    }
    const waiting = [patience];
    const shared = anyOf(waiting);
    const result = Promise.resolve(next(query, shared)).finally(() => flights.delete(query.key));
    flights.set(query.key, { result, patience: shared, waiting });
    return result;
  };
  return ask;
}
