/**
 * What Sensu's own handlers made of an event: their ERB templates, transcribed.
 * sensu-plugins-mailer 95c6607 bin/handler-mailer.rb:192-290, sensu-plugins-slack 28f879d bin/handler-slack.rb.
 */
export interface SensuEvent {
  readonly client: {
    readonly name: string;
    readonly address: string;
    readonly subscriptions: readonly string[];
  };
  readonly check: {
    readonly name: string;
    readonly command: string;
    readonly status: number;
    readonly output: string;
    /** `issued`, as `Time.at(issued).to_s` printed it on the Sensu server. */
    readonly issuedText: string;
    readonly notification?: string;
    readonly playbook?: string;
  };
  readonly occurrences: number;
  readonly action: 'create' | 'resolve';
}

export function statusText(status: number): string {
  return ['OK', 'WARNING', 'CRITICAL'][status] ?? 'UNKNOWN';
}

export function mailSubject({ action, client, check }: SensuEvent): string {
  const what = action === 'resolve' ? 'RESOLVED' : 'ALERT';
  return `${what} - ${client.name}/${check.name}: ${check.notification ?? statusText(check.status)}`;
}

export function mailBody({ client, check, occurrences }: SensuEvent, adminGui: string): string {
  const masked = (text: string): string =>
    text.replace(/(\s-p|\s-P|\s--password)(\s*\S+)/g, '$1 <password omitted>');
  return (
    [
      masked(check.output),
      `Admin GUI: ${adminGui}`,
      `Host: ${client.name}`,
      `Timestamp: ${check.issuedText}`,
      `Address:  ${client.address}`,
      `Check Name:  ${check.name}`,
      `Command:  ${masked(check.command)}`,
      `Status:  ${statusText(check.status)}`,
      `Occurrences:  ${occurrences}`,
      check.playbook === undefined ? '' : `Playbook:  ${check.playbook}`,
    ].join('\n') + '\n'
  );
}

export function slackTitle({ client, check }: SensuEvent): string {
  return `${client.address} - ${statusText(check.status)}`;
}

export function slackText({ client, check }: SensuEvent): string {
  const templateIndent = ' '.repeat(17);
  const output = check.output.replaceAll('"', '\\"');
  const built = `${[output, client.address, client.subscriptions.join(',')].join(' : ')}\n${templateIndent}`;
  return `${client.name}/${check.name}: ${check.notification ?? built}`;
}

export function slackColor({ check }: SensuEvent): string {
  return ['#36a64f', '#FFCC00', '#FF0000'][check.status] ?? '#6600CC';
}
