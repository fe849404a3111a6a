import type { RequestListener } from 'node:http';
import type { Logger } from '../platform/log/log.ts';
import { listen } from '../platform/web/listener.ts';
import type { Serving } from './steps.ts';

/** Serves on a free loopback port. */
export async function listenLocally(handler: RequestListener, log: Logger): Promise<Serving> {
  const listener = await listen({ listenAddress: '127.0.0.1:0', handler, log });
  return { url: listener.url, stop: () => listener.close() };
}
