import type { Logger } from '../platform/log/log.ts';
import type { SensuConfiguration } from '../sensu/configuration.ts';

/** How many checks run, how many this client does not run, and how much of the configuration is broken. */
export interface DefinitionCounts {
  readonly scheduled: number;
  readonly idle: number;
  readonly broken: number;
}

/** How many definitions are broken, the client's too; a file or directory that cannot be read counts as one, whatever it holds. */
export function countBroken({ brokenChecks, client, problems }: SensuConfiguration): number {
  const unreadable = problems.filter(({ check }) => check === undefined);
  return brokenChecks.size + unreadable.length + (client.ok ? 0 : 1);
}

/** Says, at the start and after each reload, that it is done and what it made: the same words of agent and runner. */
export function reportDefinitions({ scheduled, idle, broken }: DefinitionCounts, logger: Logger): void {
  logger.info({ checks: scheduled, idle, broken }, 'definitions loaded');
}
