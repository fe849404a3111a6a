/** Why there is no fresh output: the one closed list for the annotation, the metric label and the log field. */
export const REASONS = [
  'connect_timeout',
  'timeout',
  'deadline',
  'refused',
  'network',
  'dns',
  'tls',
  'blocked',
  'not_found',
  'http_4xx',
  'http_5xx',
  'too_large',
  'bad_response',
  'circuit_open',
  'overloaded',
  'template',
] as const;

export type Reason = (typeof REASONS)[number];

/** How far a question came. */
type Stage =
  /** Nowhere: the labels say not whom to ask. */
  | 'unaddressed'
  /** Nowhere, for want of time or room. */
  | 'unsent'
  /** Nowhere: the host did not answer a moment ago. */
  | 'spared'
  /** To the egress guard. */
  | 'forbidden'
  /** Not to a host that listens. */
  | 'unreachable'
  /** To the host, which did not answer. */
  | 'unanswered'
  /** To an answer, of an error that may have gone by the next time. */
  | 'in_error'
  /** To an answer that is of no use, and would not be the next time. */
  | 'unusable';

// A record, so that nobody adds a reason without saying what follows from it.
const STAGES: Readonly<Record<Reason, Stage>> = {
  connect_timeout: 'unreachable',
  timeout: 'unanswered',
  deadline: 'unsent',
  refused: 'unreachable',
  network: 'unreachable',
  dns: 'unreachable',
  tls: 'unreachable',
  blocked: 'forbidden',
  not_found: 'unusable',
  http_4xx: 'unusable',
  http_5xx: 'in_error',
  too_large: 'unusable',
  bad_response: 'unusable',
  circuit_open: 'spared',
  overloaded: 'unsent',
  template: 'unaddressed',
};

/** The host itself cannot be reached: no use in asking it for its other checks. */
export const UNREACHABLE = endingAt('unreachable');

/** The host says nothing, and may be dead. */
export const NO_ANSWER = endingAt('unreachable', 'unanswered');

/** They say something about us, not about the node: the next alert may ask again at once. */
export const SELF_INFLICTED = endingAt('unsent');

/** With these no fetch was begun. */
export const NEVER_FETCHED = endingAt('unaddressed', 'unsent', 'spared');

/** Whether the host lives is as unknown as before. */
export const INCONCLUSIVE: ReadonlySet<Reason> = new Set([...NEVER_FETCHED, ...endingAt('forbidden')]);

/** An answer about several checks is of no use, which says nothing about the parts of it. */
export const UNUSABLE = endingAt('unusable');

function endingAt(...stages: readonly Stage[]): ReadonlySet<Reason> {
  return new Set(REASONS.filter((reason) => stages.includes(STAGES[reason])));
}
