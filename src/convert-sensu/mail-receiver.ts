import { z } from 'zod';
import { leftOut, option, secretFile, without, type ConvertedHandler } from './converted-handler.ts';
import type { Handler, SensuDefinitions } from './definitions.ts';
import { settingFlag, settingText, withSettings } from './handler-settings.ts';

// What sensu-plugins-mailer reads.
const mailSchema = z.looseObject({
  mail_from: settingText,
  mail_to: settingText,
  reply_to: settingText,
  subject_prefix: settingText,
  delivery_method: z.string().default('smtp'),
  smtp_address: z.string().default('localhost'),
  smtp_port: z.coerce.string().default('25'),
  smtp_domain: settingText,
  smtp_username: settingText,
  smtp_enable_starttls_auto: settingFlag,
});

// What it reads, and the receiver does not say.
const LEFT = {
  admin_gui: 'start Alertmanager with --web.external-url, which the mails show there',
  template: 'write an Alertmanager template',
  content_type: 'the shipped templates are plain text',
  subscriptions: 'write a route for each',
  smtp_use_tls: 'Alertmanager speaks TLS from the start on port 465 only',
};

const STARTTLS =
  'Alertmanager refuses to send without STARTTLS; set require_tls: false if the relay has none';

/** The headers that mail filters of Sensu's users key on. */
const SENSU_HEADERS = {
  'X-Sensu-Host': '{{ template "sensu.client" (index (or .Alerts.Firing .Alerts) 0) }}',
  'X-Sensu-Timestamp': '{{ template "sensu.issued" (index (or .Alerts.Firing .Alerts) 0) }}',
  'X-Sensu-Address': '{{ (index (or .Alerts.Firing .Alerts) 0).Annotations.client_address }}',
  'X-Sensu-Check-Name': '{{ template "sensu.check" (index (or .Alerts.Firing .Alerts) 0) }}',
  'X-Sensu-Status': '{{ template "sensu.status" (index (or .Alerts.Firing .Alerts) 0) }}',
  'X-Sensu-Occurrences': '{{ (index (or .Alerts.Firing .Alerts) 0).Annotations.check_occurrences }}',
  'X-Sensu-Fetch-Error': '{{ (index (or .Alerts.Firing .Alerts) 0).Annotations.check_fetch_error }}',
};

/** The receiver that writes the mails of sensu-plugins-mailer. */
export function toMailReceiver(
  name: string,
  handler: Handler,
  settings: SensuDefinitions['settings'],
): ConvertedHandler {
  const key = option(handler, '-j', '--json_config') ?? 'mailer';
  const prefix = option(handler, '-s', '--subject_prefix');
  return withSettings({ name, key, schema: mailSchema, settings }, (mail) =>
    mailReceiver(name, key, { ...mail, subject_prefix: prefix ?? mail.subject_prefix }),
  );
}

function mailReceiver(name: string, key: string, mail: z.infer<typeof mailSchema>): ConvertedHandler {
  if (mail.mail_to === undefined || mail.mail_from === undefined) {
    return without(name, `the settings "${key}" lack mail_to or mail_from`);
  }
  if (mail.delivery_method !== 'smtp') return without(name, 'Alertmanager sends mail by SMTP only');
  const password =
    mail.smtp_username === undefined
      ? undefined
      : { file: secretFile(`${key}-smtp-password`), setting: `${key}.smtp_password` };
  const prefix = mail.subject_prefix;
  const isTlsRequired = needsStartTls(mail);
  const config = {
    to: mail.mail_to,
    from: mail.mail_from,
    smarthost: `${mail.smtp_address}:${mail.smtp_port}`,
    hello: mail.smtp_domain,
    auth_username: mail.smtp_username,
    auth_password_file: password?.file,
    require_tls: isTlsRequired,
    send_resolved: true,
    html: '',
    text: '{{ template "sensu.mail.text" . }}',
    headers: {
      Subject: `${prefix === undefined ? '' : `${prefix} `}{{ template "sensu.mail.subject" . }}`,
      'Reply-To': mail.reply_to,
      ...SENSU_HEADERS,
    },
  };
  return {
    receiver: { name, email_configs: [config] },
    secrets: password === undefined ? [] : [password],
    unconverted: leftOut(key, mail, LEFT),
    // A relay that takes a password has STARTTLS, or sends it in the clear.
    traps: isTlsRequired && password === undefined ? [`${key}: ${STARTTLS}`] : [],
  };
}

// Sensu took TLS if the server had it; Alertmanager wants to be told. On port 465 it speaks TLS from the start, and would look for
// STARTTLS within that all the same (notify/email/email.go).
function needsStartTls({
  smtp_enable_starttls_auto: isAuto,
  smtp_address: address,
  smtp_port: port,
}: z.infer<typeof mailSchema>): boolean {
  return isAuto !== false && port !== '465' && !isLocal(address);
}

function isLocal(address: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(address);
}
