import { listen, type Listening } from './listen.ts';
import { recording } from './stub-answer.ts';

/** What Alertmanager posts to an incoming webhook of Slack; a message has one attachment. */
export interface SlackMessage {
  readonly channel: string;
  readonly attachments: readonly { readonly title: string; readonly text: string; readonly color: string }[];
}

export interface SlackReceiver extends Listening {
  /** Every message so far, oldest first. */
  readonly messages: readonly SlackMessage[];
}

/** Stands for an incoming webhook of Slack. */
export async function startSlackReceiver(): Promise<SlackReceiver> {
  const messages: SlackMessage[] = [];
  const listener = recording(({ body }, response) => {
    messages.push(JSON.parse(body.toString()) as SlackMessage);
    response.end('ok');
  });
  return { ...(await listen(listener)), messages };
}
