// A process of its own, so that what it costs is not counted for the proxy: simulated nodes and stub Alertmanagers.
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { outputOf } from './fleet.ts';

/** What the bench tells the peers. */
export type Order =
  | { readonly kind: 'start'; readonly delay: number }
  | { readonly kind: 'hang'; readonly alertmanager: number; readonly hangs: boolean }
  | { readonly kind: 'report' };

export interface Ports {
  readonly healthy: number;
  readonly hanging: number;
  readonly trickling: number;
  readonly alertmanagers: readonly number[];
}

export interface Report {
  readonly requests: number;
  /** Per Alertmanager since the last report, of the last hundred bodies: distinct alerts. */
  readonly received: readonly { readonly distinct: number }[];
  /** The last body, as base64. */
  readonly lastBody: string;
}

interface StubAlertmanager {
  readonly server: Server;
  readonly bodies: Buffer[];
  hangs: boolean;
}

/** Enough for the 10,000 alerts that are counted one by one; all of a longer run would fill the memory. */
const BODIES_KEPT = 100;

let requests = 0;
let alertmanagers: StubAlertmanager[] = [];
let lastBody: Buffer = Buffer.alloc(0);

process.on('message', (order: Order) => void obey(order));

async function obey(order: Order): Promise<void> {
  if (order.kind === 'start') process.send?.(await start(order.delay));
  else if (order.kind === 'report') process.send?.(report());
  else {
    const stub = alertmanagers[order.alertmanager];
    if (stub !== undefined) stub.hangs = order.hangs;
    process.send?.({});
  }
}

async function start(delay: number): Promise<Ports> {
  alertmanagers = [stubAlertmanager(), stubAlertmanager()];
  const [healthy = 0, hanging = 0, trickling = 0, ...ports] = await Promise.all(
    [
      createServer(nodeAnswering(delay)),
      createServer(() => undefined),
      createServer(trickle),
      ...alertmanagers.map(({ server }) => server),
    ].map(listen),
  );
  return { healthy, hanging, trickling, alertmanagers: ports };
}

async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function nodeAnswering(delay: number): RequestListener {
  return (request, response) => {
    requests += 1;
    const check = request.url?.split('/').at(-1) ?? '';
    const body = JSON.stringify({ check: { name: check, status: 2, output: outputOf(check) } });
    setTimeout(() => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    }, delay);
  };
}

const trickle: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  const timer = setInterval(() => response.write(' '), 200);
  response.on('close', () => {
    clearInterval(timer);
  });
};

function stubAlertmanager(): StubAlertmanager {
  const stub: StubAlertmanager = {
    bodies: [],
    hangs: false,
    server: createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (stub.hangs) return;
        stub.bodies.push(Buffer.concat(chunks));
        if (stub.bodies.length > BODIES_KEPT) stub.bodies.shift();
        response.end();
      });
    }),
  };
  stub.server.keepAliveTimeout = 600_000;
  return stub;
}

function report(): Report {
  const received = alertmanagers.map((stub) => {
    const bodies = stub.bodies.splice(0);
    lastBody = bodies.at(-1) ?? lastBody;
    const alerts = bodies.flatMap(
      (body) => JSON.parse(body.toString()) as { labels: { instance: string; check: string } }[],
    );
    const distinct = new Set(alerts.map(({ labels }) => `${labels.instance} ${labels.check}`));
    return { distinct: distinct.size };
  });
  const report = { requests, received, lastBody: lastBody.toString('base64') };
  requests = 0;
  return report;
}
