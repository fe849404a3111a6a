import type { Definitions } from '../../src/checks/definitions.ts';
import type { UsableConfiguration } from '../../src/agent/loaded-configuration.ts';

/** What loading a Sensu configuration comes to that says this and holds no mistake. */
export function wholeConfiguration(definitions: Definitions): UsableConfiguration {
  return { kind: 'whole', definitions, counts: { usable: definitions.checks.size, broken: 0 } };
}
