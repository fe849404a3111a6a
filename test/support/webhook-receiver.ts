import { recording } from './stub-answer.ts';
import { listen, type Listening } from './listen.ts';

/** The part of Alertmanager's webhook message (version 4) that tests read. */
export interface Notification {
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface WebhookReceiver extends Listening {
  /** Every notification so far, oldest first. */
  readonly notifications: readonly Notification[];
}

/** Takes what Alertmanager sends to a `webhook_configs` receiver. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const notifications: Notification[] = [];
  const listener = recording(({ body }, response) => {
    notifications.push(JSON.parse(body.toString()) as Notification);
    response.end();
  });
  return { ...(await listen(listener)), notifications };
}
