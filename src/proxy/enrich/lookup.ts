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
