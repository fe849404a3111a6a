// A process that listens and never accepts: once its backlog is full, the kernel drops every further SYN, as a dead node does.
import { createServer, connect, type AddressInfo } from 'node:net';

const server = createServer();
server.listen({ port: 0, host: '0.0.0.0', backlog: 1 }, () => {
  const { port } = server.address() as AddressInfo;
  for (let filler = 0; filler < 8; filler++) connect(port, '127.0.0.1').on('error', () => undefined);
  process.send?.({ port }, () => {
    // The event loop stands still from here on; the parent kills the process.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
});
