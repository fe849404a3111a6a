import { give, recording, type RecordedRequest, type StubAnswer } from './stub-answer.ts';
import { listen, type Listening } from './listen.ts';
import type { PostedAlert } from './alert-builder.ts';

export interface StubAlertmanager extends Listening {
  /** Every POST so far, oldest first. */
  readonly posts: readonly RecordedRequest[];
  /** The alerts of all those POSTs, in the order in which they came. */
  alerts(): PostedAlert[];
  /** From now on answers so; at first 200 and an empty body, as Alertmanager does. */
  answer(answer: StubAnswer | ((post: RecordedRequest) => StubAnswer)): void;
}

/** An Alertmanager that accepts everything, remembers it and fails on demand. */
export async function startStubAlertmanager(port = 0): Promise<StubAlertmanager> {
  const posts: RecordedRequest[] = [];
  let answerTo: (post: RecordedRequest) => StubAnswer = () => ({});
  const listener = recording((post, response) => {
    posts.push(post);
    return give(answerTo(post), response);
  });
  const listening = await listen(listener, port);
  return {
    ...listening,
    posts,
    alerts: () => posts.flatMap((post) => JSON.parse(post.body.toString()) as PostedAlert[]),
    answer: (answer) => {
      answerTo = typeof answer === 'function' ? answer : () => answer;
    },
  };
}
