import { z } from 'zod';
import {
  leftOutOptions,
  leftOutSettings,
  secretFile,
  withoutDestination,
  type ConvertedHandler,
} from './converted-handler.ts';
import type { SensuDefinitions } from './definitions.ts';
import type { Fact } from './fact.ts';
import type { HandlerCommand } from './handler-command.ts';
import { settingFlag, settingText, withSettings } from './handler-settings.ts';

/** Of sensu-plugins-mailer, and of sensu-community-plugins before it. */
export const MAIL_PROGRAMS = ['handler-mailer.rb', 'mailer.rb'];

export const MAIL_OPTIONS = {
  json_config: 'j',
  template: 't',
  subject_template: 'T',
  content_type: 'c',
  subject_prefix: 's',
};

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
  smtp_password: z.unknown().optional(),
  smtp_enable_starttls_auto: settingFlag,
});

type MailSettings = z.infer<typeof mailSchema>;

// What it reads, and the receiver does not say.
const ADVICE = {
  admin_gui: 'start Alertmanager with --web.external-url, which the mails show there',
  template: 'write an Alertmanager template',
  subject_template: 'write an Alertmanager template',
  content_type: 'the shipped templates are plain text',
  subscriptions: 'write a route for each',
  smtp_use_tls: 'Alertmanager speaks TLS from the start on port 465 only',
  smtp_authentication: 'Alertmanager takes the first of CRAM-MD5, PLAIN and LOGIN that the relay offers',
  timeout: 'Alertmanager has time limits of its own',
};

const NO_STARTTLS =
  'Alertmanager refuses to send without STARTTLS; set require_tls: false if the relay has none';
const VERIFIED =
  'Alertmanager verifies the certificate of the relay, and sends nothing if it cannot, which Sensu did not; set ca_file in tls_config if it is signed by itself';
const UNVERIFIED =
  'the certificate of the relay is not verified, as in Sensu; remove tls_config if it can be';

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
  { options, unknown }: HandlerCommand,
  settings: SensuDefinitions['settings'],
): ConvertedHandler {
  const key = options.get('json_config') ?? 'mailer';
  const left = ['template', 'subject_template', 'content_type'].filter((option) => options.has(option));
  const facts = leftOutOptions(name, [...left.map((option) => `--${option}`), ...unknown], ADVICE);
  return withSettings({ name, key, schema: mailSchema, settings }, (mail) => {
    const prefix = options.get('subject_prefix') ?? mail.subject_prefix;
    const converted = mailReceiver(name, key, { ...mail, subject_prefix: prefix });
    return { ...converted, unconverted: [...converted.unconverted, ...facts] };
  });
}

function mailReceiver(name: string, key: string, mail: MailSettings): ConvertedHandler {
  if (mail.mail_to === undefined || mail.mail_from === undefined) {
    return withoutDestination(name, `the settings "${key}" lack mail_to or mail_from`);
  }
  if (mail.delivery_method !== 'smtp')
    return withoutDestination(name, 'Alertmanager sends mail by SMTP only');
  const password =
    mail.smtp_username === undefined
      ? undefined
      : { file: secretFile(`${key}-smtp-password`), setting: `${key}.smtp_password` };
  const prefix = mail.subject_prefix;
  const config = {
    to: mail.mail_to,
    from: mail.mail_from,
    smarthost: `${mail.smtp_address}:${mail.smtp_port}`,
    hello: mail.smtp_domain,
    auth_username: mail.smtp_username,
    auth_password_file: password?.file,
    require_tls: needsStartTls(mail),
    tls_config: isVerified(mail) ? undefined : { insecure_skip_verify: true },
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
    receiver: { email_configs: [config] },
    secrets: password === undefined ? [] : [password],
    unconverted: leftOutSettings(key, mail, { read: Object.keys(mailSchema.shape), advice: ADVICE }),
    traps: relayTraps(key, mail),
  };
}

// What Sensu did not look at, and Alertmanager does.
function relayTraps(key: string, mail: MailSettings): Fact[] {
  const traps = [
    // A relay that takes a password has STARTTLS, or sends it in the clear.
    ...(needsStartTls(mail) && mail.smtp_username === undefined ? [NO_STARTTLS] : []),
    ...(speaksTls(mail) ? [isVerified(mail) ? VERIFIED : UNVERIFIED] : []),
  ];
  return traps.map((text) => ({ weight: 'unheard', subject: 'plain', name: key, text }));
}

// Sensu verified no certificate (openssl_verify_mode: none). Where no password is sent, that loses nothing to whoever stands between.
function isVerified(mail: MailSettings): boolean {
  return !speaksTls(mail) || mail.smtp_username !== undefined;
}

function speaksTls(mail: MailSettings): boolean {
  return needsStartTls(mail) || mail.smtp_port === '465';
}

// Sensu took TLS if the server had it; Alertmanager wants to be told. On port 465 it speaks TLS from the start, and would look for
// STARTTLS within that all the same (notify/email/email.go).
function needsStartTls({
  smtp_enable_starttls_auto: isAuto,
  smtp_address: address,
  smtp_port: port,
}: MailSettings): boolean {
  return isAuto !== false && port !== '465' && !isLocal(address);
}

function isLocal(address: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(address);
}
