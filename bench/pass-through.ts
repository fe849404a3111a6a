// A process of its own: the least that a proxy on node:http does. It copies the bytes of each POST to one Alertmanager.
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const [target = '0'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

const server = createServer((incoming, outgoing) => {
  const forwarded = request({
    agent,
    host: '127.0.0.1',
    port: Number(target),
    path: incoming.url,
    method: incoming.method,
    headers: {
      'content-type': incoming.headers['content-type'],
      'content-length': incoming.headers['content-length'],
    },
  });
  forwarded.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502);
    answer.pipe(outgoing);
  });
  incoming.pipe(forwarded);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
