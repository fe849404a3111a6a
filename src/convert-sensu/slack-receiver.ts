import { z } from 'zod';
import { leftOut, option, secretFile, type ConvertedHandler } from './converted-handler.ts';
import type { Handler, SensuDefinitions } from './definitions.ts';
import { settingFlag, settingText, withSettings } from './handler-settings.ts';

// What sensu-plugins-slack reads.
const slackSchema = z.looseObject({
  channel: settingText,
  bot_name: settingText,
  icon_emoji: settingText,
  icon_url: settingText,
  link_names: settingFlag,
  message_prefix: z.string().default(''),
  surround: z.string().default(''),
});

// What it reads, and the receiver does not say.
const LEFT = {
  template: 'write an Alertmanager template',
  message_template: 'write an Alertmanager template',
  payload_template: 'write an Alertmanager template',
  fields: 'attributes of the client are not part of an alert',
  dashboard: 'set title_link of the receiver',
  proxy_address: 'set http_config.proxy_url of the receiver',
};

/** The receiver that writes the messages of sensu-plugins-slack. */
export function toSlackReceiver(
  name: string,
  handler: Handler,
  settings: SensuDefinitions['settings'],
): ConvertedHandler {
  const key = option(handler, '-j', '--json') ?? 'slack';
  return withSettings({ name, key, schema: slackSchema, settings }, (slack) =>
    slackReceiver(name, key, slack),
  );
}

function slackReceiver(name: string, key: string, slack: z.infer<typeof slackSchema>): ConvertedHandler {
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
    receiver: { name, slack_configs: [config] },
    secrets: [webhook],
    unconverted: leftOut(key, slack, LEFT),
  };
}
