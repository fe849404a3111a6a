import { z } from 'zod';
import { leftOutOptions, leftOutSettings, secretFile, type ConvertedHandler } from './converted-handler.ts';
import type { SensuDefinitions } from './definitions.ts';
import type { HandlerCommand } from './handler-command.ts';
import { settingFlag, settingText, withSettings } from './handler-settings.ts';

/** Of sensu-plugins-slack, and of sensu-community-plugins before it. */
export const SLACK_PROGRAMS = ['handler-slack.rb', 'slack.rb'];

export const SLACK_OPTIONS = { json: 'j' };

// What sensu-plugins-slack reads.
const slackSchema = z.looseObject({
  webhook_url: z.unknown().optional(),
  channel: settingText,
  bot_name: settingText,
  icon_emoji: settingText,
  icon_url: settingText,
  link_names: settingFlag,
  message_prefix: z.string().default(''),
  surround: z.string().default(''),
});

// What it reads, and the receiver does not say.
const ADVICE = {
  template: 'write an Alertmanager template',
  message_template: 'write an Alertmanager template',
  payload_template: 'write an Alertmanager template',
  fields: 'attributes of the client are not part of an alert',
  dashboard: 'set title_link of the receiver',
  proxy_address: 'set http_config.proxy_url of the receiver',
  proxy_port: 'set http_config.proxy_url of the receiver',
  proxy_username: 'set http_config.proxy_url of the receiver',
  proxy_password: 'set http_config.proxy_url of the receiver',
  webhook_retries: 'Alertmanager tries again until the alert is over',
  webhook_timeout: 'Alertmanager has time limits of its own',
  webhook_retry_sleep: 'Alertmanager tries again until the alert is over',
  token: 'make an incoming webhook in Slack; this is the key of an older one',
  team_name: 'make an incoming webhook in Slack; its URL names the team',
};

/** The receiver that writes the messages of sensu-plugins-slack. */
export function toSlackReceiver(
  name: string,
  { options, unknown }: HandlerCommand,
  settings: SensuDefinitions['settings'],
): ConvertedHandler {
  const key = options.get('json') ?? 'slack';
  return withSettings({ name, key, schema: slackSchema, settings }, (slack) => {
    const converted = slackReceiver(key, slack);
    return {
      ...converted,
      unconverted: [...converted.unconverted, ...leftOutOptions(name, unknown, ADVICE)],
    };
  });
}

function slackReceiver(key: string, slack: z.infer<typeof slackSchema>): ConvertedHandler {
  const webhook = { file: secretFile(`${key}-webhook-url`), setting: `${key}.webhook_url` };
  const notice = `${slack.surround}{{ template "sensu.slack.text" . }}${slack.surround}`;
  const message = slack.message_prefix === '' ? notice : `${slack.message_prefix} ${notice}`;
  const config = {
    api_url_file: webhook.file,
    channel: slack.channel,
    username: slack.bot_name,
    icon_emoji: slack.icon_emoji,
    icon_url: slack.icon_url,
    link_names: slack.link_names,
    send_resolved: true,
    title: '{{ template "sensu.slack.title" . }}',
    title_link: '',
    text: message,
    fallback: message,
    color: '{{ template "sensu.slack.color" . }}',
  };
  return {
    receiver: { slack_configs: [config] },
    secrets: [webhook],
    unconverted: leftOutSettings(key, slack, { read: Object.keys(slackSchema.shape), advice: ADVICE }),
    traps: [],
  };
}
