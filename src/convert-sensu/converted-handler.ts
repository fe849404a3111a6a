import type { Handler } from './definitions.ts';

/** An element of Alertmanager's `receivers`. */
export interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly object[];
  readonly slack_configs?: readonly object[];
}

/** A receiver, the secrets that it reads from files, what it lacks, and where it may fail though Sensu did not. */
export interface ConvertedHandler {
  readonly receiver: Receiver;
  readonly secrets: readonly SecretFile[];
  readonly unconverted: readonly string[];
  /** Sentences for the head of the file too, where they are read when a notification does not come. */
  readonly traps?: readonly string[];
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
export function without(name: string, reason: string): ConvertedHandler {
  return { receiver: { name }, secrets: [], unconverted: [`handler "${name}": ${reason}`] };
}

/** A sentence for each setting that is there and left out, with what to do instead. */
export function leftOut(
  key: string,
  settings: Readonly<Record<string, unknown>>,
  advice: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(advice)
    .filter(([setting]) => settings[setting] !== undefined)
    .map(([setting, sentence]) => `setting "${key}.${setting}": ${sentence}`);
}

/** The value of an option in a handler's command. */
export function option({ command }: Handler, short: string, long: string): string | undefined {
  const match = new RegExp(`\\s(?:${short}|${long})[\\s=]+(?:"([^"]*)"|'([^']*)'|(\\S+))`).exec(command);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
