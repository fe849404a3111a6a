/** Whether anybody still waits. Asked before work starts; work under way is never stopped by it. */
export interface Demand {
  readonly exhausted: boolean;
  /** Whether an alert waits, which notifies: a refresh behind an answer lets it go first. May become so later. */
  readonly isUrgent: boolean;
}

/** For work that nobody waits for but everybody wants: a refresh behind the answer. */
export const unlimited: Demand = { exhausted: false, isUrgent: false };

/** Asks anew each time: either may become true while somebody waits. */
export function derived(exhausted: () => boolean, isUrgent: () => boolean): Demand {
  return {
    get exhausted() {
      return exhausted();
    },
    get isUrgent() {
      return isUrgent();
    },
  };
}

/** Lasts as long as one of them, and is as urgent as the most urgent; more may be added. */
export function anyOf(waiting: readonly Demand[]): Demand {
  return derived(
    () => waiting.every((patience) => patience.exhausted),
    () => waiting.some((patience) => patience.isUrgent),
  );
}
