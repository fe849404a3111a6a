import { Agent, request } from 'node:http';

/** One POST: its status (0 if none came), and how long it took in milliseconds. */
export interface Sent {
  readonly status: number;
  readonly milliseconds: number;
}

export interface Sender {
  post(body: Buffer): Promise<Sent>;
  close(): void;
}

/** Posts as Prometheus does: one connection, one batch in flight, 10 s of patience, no retry. */
export function createSender(url: string, path = '/api/v2/alerts'): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(url);
  return {
    post: (body) =>
      new Promise((resolve) => {
        const startedAt = performance.now();
        const done = (status: number): void => {
          resolve({ status, milliseconds: performance.now() - startedAt });
        };
        const headers = { 'content-type': 'application/json', 'content-length': body.length };
        const outgoing = request(
          { agent, hostname, port, path, method: 'POST', headers, signal: AbortSignal.timeout(10_000) },
          (response) => {
            response.resume().on('end', () => {
              done(response.statusCode ?? 0);
            });
          },
        );
        outgoing.on('error', () => {
          done(0);
        });
        outgoing.end(body);
      }),
    close: () => {
      agent.destroy();
    },
  };
}
