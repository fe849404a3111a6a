import type { Logger } from '../platform/log/log.ts';
import { idleReason } from '../sensu/check-definition.ts';
import type { ClientDefinition } from '../sensu/client-definition.ts';
import type { SensuConfiguration } from '../sensu/configuration.ts';

/** Says what of a configuration does not run, and why. */
export function reportConfiguration(
  configuration: SensuConfiguration,
  client: ClientDefinition,
  logger: Logger,
): void {
  for (const { file, check, reason } of configuration.problems) {
    if (check === undefined)
      logger.error(
        { file, reason },
        'a part of the configuration cannot be read; what it held before and the rest count',
      );
    else if (configuration.brokenChecks.has(check))
      logger.error({ file, check, reason }, 'broken check definition; the other checks run');
    else logger.error({ file, check, reason }, 'subdue that cannot be read; the check runs at all times');
  }
  if (!configuration.client.ok) {
    const reason = configuration.client.problems.join('; ');
    logger.error({ reason }, 'broken client definition; going on with the last one');
  }
  for (const [reason, checks] of idleChecks(configuration, client)) {
    logger.info({ reason, checks: checks.join(',') }, 'checks that this client does not run');
  }
}

function idleChecks(configuration: SensuConfiguration, client: ClientDefinition): Map<string, string[]> {
  const idle = new Map<string, string[]>();
  for (const check of configuration.checks.values()) {
    const reason = idleReason(check, client.subscriptions);
    if (reason !== undefined) idle.set(reason, [...(idle.get(reason) ?? []), check.name]);
  }
  return idle;
}
