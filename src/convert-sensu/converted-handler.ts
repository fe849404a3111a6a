import type { Fact } from './fact.ts';

/** An element of Alertmanager's `receivers`. */
export interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly object[];
  readonly slack_configs?: readonly object[];
}

/** A receiver without its name, the secrets that it reads from files, what it lacks, and where it may fail though Sensu did not. */
export interface ConvertedHandler {
  readonly receiver: Omit<Receiver, 'name'>;
  readonly secrets: readonly SecretFile[];
  readonly unconverted: readonly Fact[];
  /** Also for the head of the file, where they are read when a notification does not come. */
  readonly traps: readonly Fact[];
}

/** A secret that stays in Sensu's files; the operator copies it. */
export interface SecretFile {
  /** An absolute path. */
  readonly file: string;
  /** Where it is in Sensu's settings, such as `slack.webhook_url`. */
  readonly setting: string;
}

/** The absolute path of a secret's file: Alertmanager takes any other from its working directory. */
export function secretFile(name: string): string {
  return `/etc/alertmanager/${name}`;
}

/** A receiver without a destination, and why. */
export function withoutDestination(handler: string, reason: string): ConvertedHandler {
  const fact: Fact = { weight: 'unheard', subject: 'handler', name: handler, text: reason };
  return { receiver: {}, secrets: [], unconverted: [fact], traps: [] };
}

/** What is set and left out: by `advice`, what to do instead; of what is neither in it nor `read`, only that. */
export function leftOutSettings(
  key: string,
  settings: Readonly<Record<string, unknown>>,
  { read, advice }: { read: readonly string[]; advice: Readonly<Record<string, string>> },
): Fact[] {
  return Object.keys(settings)
    .filter((setting) => settings[setting] !== undefined && !read.includes(setting))
    .map((setting) => ({
      weight: 'different',
      subject: 'setting',
      name: `${key}.${setting}`,
      text: advice[setting] ?? 'nothing here reads it',
    }));
}

/** The same of options in a handler's command. */
export function leftOutOptions(
  handler: string,
  options: readonly string[],
  advice: Readonly<Record<string, string>>,
): Fact[] {
  return options.map((option) => ({
    weight: 'different',
    subject: 'handler',
    name: handler,
    text: `option ${option}: ${advice[option.replace(/^-+/, '')] ?? 'nothing here reads it'}`,
  }));
}
