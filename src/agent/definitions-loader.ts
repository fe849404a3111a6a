import type { Logger } from '../platform/log/log.ts';
import { countBroken, reportDefinitions } from '../runner/definition-counts.ts';
import { idleReason } from '../sensu/check-definition.ts';
import type { ClientDefinition } from '../sensu/client-definition.ts';
import { loadConfiguration, type SensuConfiguration } from '../sensu/configuration.ts';
import { isArray, writeJson, type JsonObject } from '../sensu/json.ts';
import { redact } from '../sensu/redact.ts';
import type { CheckView } from './check-view.ts';
import type { JsonRecord } from '../checks/result.ts';
import type { Definitions } from '../checks/definitions.ts';

interface DefinitionsLoaderOptions {
  readonly agent: Pick<CheckView, 'configure'>;
  readonly directories: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where to tell what is loaded and what cannot be used; undefined if the runner does. */
  readonly log: Logger | undefined;
}

/** Tells the agent what a Sensu configuration says, at each call anew. What is broken then counts as it was before. */
export function createDefinitionsLoader({
  agent,
  directories,
  env,
  log,
}: DefinitionsLoaderOptions): () => Promise<void> {
  let lastFiles: SensuConfiguration['files'] = new Map();
  return async function load() {
    const configuration = await loadConfiguration({ directories, env, lastFiles });
    const { checks, client, problems } = configuration;
    const counts = { usable: checks.size, broken: countBroken(configuration) };
    for (const problem of problems) log?.warn(problem, 'a part of the Sensu configuration cannot be used');
    if (client.ok) {
      const definitions = toDefinitions(client.client, configuration);
      const scheduled = definitions.checks.size;
      if (log !== undefined)
        reportDefinitions({ scheduled, idle: checks.size - scheduled, broken: counts.broken }, log);
      agent.configure({ kind: problems.length === 0 ? 'whole' : 'partial', definitions, counts });
    } else {
      log?.warn({ reason: client.problems.join('; ') }, "the client's definition cannot be used");
      agent.configure({ kind: 'unusable', counts });
    }
    lastFiles = configuration.files;
  };
}

// Secrets are hidden as in Sensu's API; checks that this node does not run are none of its.
function toDefinitions(client: ClientDefinition, { checks }: SensuConfiguration): Definitions {
  const { name, attributes, subscriptions } = client;
  const running = [...checks.values()].filter((check) => idleReason(check, subscriptions) === undefined);
  return {
    client: { name, attributes: toPlain(redact(attributes, redactedKeys(attributes))) },
    checks: new Map(running.map((check) => [check.name, toPlain(check.attributes)])),
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
