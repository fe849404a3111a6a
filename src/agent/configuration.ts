import type { Logger } from '../platform/log/log.ts';
import { countBroken, reportDefinitions } from '../runner/definition-counts.ts';
import { idleReason } from '../sensu/check-definition.ts';
import type { ClientDefinition } from '../sensu/client-definition.ts';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import { isArray, writeJson, type JsonObject } from '../sensu/json.ts';
import { redact } from '../sensu/redact.ts';
import type { JsonRecord } from '../checks/result.ts';
import type { Definitions } from '../checks/definitions.ts';
import type { LoadedConfiguration } from './loaded-configuration.ts';

/** What a Sensu configuration means for the agent of its node. */
export function toLoadedConfiguration(configuration: SensuConfiguration): LoadedConfiguration {
  const { checks, client, problems } = configuration;
  const counts = { usable: checks.size, broken: countBroken(configuration) };
  if (!client.ok) return { kind: 'unusable', counts };
  const definitions = toDefinitions(client.client, configuration);
  return { kind: problems.length === 0 ? 'whole' : 'partial', definitions, counts };
}

/** Logs what of a configuration is used, and what cannot be. For an agent without a runner, which logs that itself. */
export function reportLoaded(
  { client, problems }: SensuConfiguration,
  { loaded, log }: { readonly loaded: LoadedConfiguration; readonly log: Logger },
): void {
  for (const problem of problems) log.warn(problem, 'a part of the Sensu configuration cannot be used');
  if (!client.ok) log.warn({ reason: client.problems.join('; ') }, "the client's definition cannot be used");
  if (loaded.kind === 'unusable') return;
  const { definitions, counts } = loaded;
  const scheduled = definitions.checks.size;
  reportDefinitions({ scheduled, idle: counts.usable - scheduled, broken: counts.broken }, log);
}

// Secrets are hidden as in Sensu's API; checks that this node does not run are none of its.
function toDefinitions(client: ClientDefinition, { checks }: SensuConfiguration): Definitions {
  const { name, attributes, subscriptions } = client;
  const running = [...checks.values()].filter((check) => idleReason(check, subscriptions) === undefined);
  return {
    client: { name, attributes: toPlain(redact(attributes, redactedKeys(attributes))) },
    checks: new Map(running.map((check) => [check.resultName, toPlain(check.attributes)])),
  };
}

// Undefined: Sensu's own list.
function redactedKeys(client: JsonObject): ReadonlySet<string> | undefined {
  const keys = client.get('redact');
  return isArray(keys) ? new Set(keys.filter((key) => typeof key === 'string')) : undefined;
}

function toPlain(object: JsonObject): JsonRecord {
  return JSON.parse(writeJson(object)) as JsonRecord;
}
