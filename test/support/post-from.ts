import { once } from 'node:events';
import { request } from 'node:http';

/** Posts a body to a proxy as another client on this machine, such as 127.0.0.9; resolves once it is answered. */
export async function postFrom(
  client: string,
  url: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = { 'Content-Type': 'application/json' },
): Promise<void> {
  const sent = request(`${url}/api/v2/alerts`, {
    method: 'POST',
    localAddress: client,
    agent: false,
    headers,
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
}
