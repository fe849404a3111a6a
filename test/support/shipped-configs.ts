import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

// The files that the package ships, with the addresses of a test put in, and in more of a hurry.

type Settings = Record<string, unknown>;

type Route = Settings & { readonly routes?: readonly Route[] };

/** Where nobody listens. */
const NOBODY = 'http://127.0.0.1:9/';

interface Rules {
  readonly groups: readonly { readonly rules: readonly (Settings & { readonly alert?: string })[] }[];
}

function shipped(file: string): unknown {
  return parse(readFileSync(`config/${file}`, 'utf8'));
}

/** Sensu's mails and Slack messages, at once, and to receivers of the test. */
export function alertmanagerConfig(smtp: string, slackUrl: string, webhookUrl = NOBODY): Settings {
  const config = shipped('alertmanager.yml') as {
    route: Route;
    receivers: { slack_configs?: Settings[]; webhook_configs?: Settings[] }[];
  };
  return {
    ...config,
    global: { smtp_smarthost: smtp, smtp_from: 'sensu@example.com', smtp_require_tls: false },
    templates: [resolve('config/templates/*.tmpl')],
    route: hurried(config.route),
    receivers: config.receivers.map(
      ({ slack_configs: slack = [], webhook_configs: webhooks = [], ...receiver }) => ({
        ...receiver,
        slack_configs: slack.map((one) => ({ ...one, api_url_file: undefined, api_url: slackUrl })),
        webhook_configs: webhooks.map((one) => ({ ...one, url: webhookUrl })),
      }),
    ),
  };
}

function hurried({ routes = [], ...route }: Route): Route {
  return { ...route, group_wait: '100ms', group_interval: '1s', routes: routes.map(hurried) };
}

/** Asks every second, and calls the agent's node by its name in Sensu. */
export function prometheusConfig(proxy: string, agent: string, client: string): Settings {
  const config = shipped('prometheus.yml') as { scrape_configs: Settings[] };
  return {
    ...config,
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [proxy] }] }] },
    scrape_configs: config.scrape_configs.map((scrape) => ({
      ...scrape,
      static_configs: [{ targets: [agent], labels: { client } }],
    })),
  };
}

/** The shipped rules of failing checks, and of nodes that are gone, which are found sooner. */
export function ruleConfig(): Settings {
  const health = (shipped('rules/check-health.yml') as Rules).groups.flatMap((group) => group.rules);
  const agentDown = health.filter(({ alert }) => alert === 'CheckAgentDown');
  return {
    groups: [
      ...(shipped('rules/checks.yml') as Rules).groups,
      { name: 'health', rules: agentDown.map((rule) => ({ ...rule, for: '2s' })) },
    ],
  };
}
