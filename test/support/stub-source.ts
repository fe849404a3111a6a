import { give, recording, type RecordedRequest, type StubAnswer } from './stub-answer.ts';
import { listen, type Listening } from './listen.ts';

export interface StubSource extends Listening {
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** From now on answers so at this path (with its query, if it has one). A redirect is a status and a `location`. */
  route(path: string, answer: StubAnswer): void;
}

/** Stands for a node agent, or any other source of check output; 404 where nothing was routed. */
export async function startStubSource(
  routes: Readonly<Record<string, StubAnswer>> = {},
  port = 0,
): Promise<StubSource> {
  const requests: RecordedRequest[] = [];
  const answers = new Map(Object.entries(routes));
  const listener = recording((request, response) => {
    requests.push(request);
    return give(answers.get(request.path) ?? { status: 404, body: 'not found' }, response);
  });
  const listening = await listen(listener, port);
  return {
    ...listening,
    requests,
    route: (path, answer) => {
      answers.set(path, answer);
    },
  };
}
