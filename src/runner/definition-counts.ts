import type { Logger } from '../platform/log.ts';

/** Of the checks that are defined: how many run, how many this client does not run, how many are broken. */
export interface DefinitionCounts {
  readonly scheduled: number;
  readonly idle: number;
  readonly broken: number;
}

/** Says, at the start and after each reload, that it is done and what it made: the same words of agent and runner. */
export function reportDefinitions({ scheduled, idle, broken }: DefinitionCounts, logger: Logger): void {
  logger.info({ checks: scheduled, idle, broken }, 'definitions loaded');
}
