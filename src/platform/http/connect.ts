import { isIP, type Socket } from 'node:net';
import { dial } from './dial.ts';
import type { EgressGuard } from './egress-guard.ts';
import { RequestError, toRequestError } from './failure.ts';
import type { ResolveName } from './name-resolver.ts';
import { TimeLimit, within, type Abortable } from './time-limit.ts';
import { startTls } from './tls-handshake.ts';
import type { TlsSettings } from './tls-options.ts';

/** Where a connection leads: host is a name or an address without brackets. */
export interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

interface ConnectOptions {
  /** Milliseconds for all of it: resolving, connecting, TLS. */
  readonly connectTimeout: number;
  readonly resolve: ResolveName;
  readonly guard: EgressGuard | undefined;
  readonly tls: TlsSettings;
}

/** Opens a connection; rejects with a RequestError. An aborted signal ends the attempt. No failure leaves a socket behind. */
export type Connect = (target: ConnectTarget, signal?: Abortable) => Promise<Socket>;

// What was not done in time is also why the request failed.
const STAGES = {
  dns: 'name not resolved',
  connect_timeout: 'no connection',
  tls: 'no TLS handshake',
} as const;

/** Resolves, asks the guard about the very addresses found, and connects to one of those that it allows: nothing is resolved twice. */
export function createConnect({ connectTimeout, resolve, guard, tls }: ConnectOptions): Connect {
  return async function connect(target, signal) {
    const limit = new TimeLimit(connectTimeout, signal);
    let stage: keyof typeof STAGES = 'dns';
    try {
      const addresses = await findAddresses(target, limit);
      stage = 'connect_timeout';
      const socket = await dial(addresses, target.port, connectTimeout, limit);
      if (!target.secure) return socket;
      stage = 'tls';
      return await startTls(socket, target.host, tls, limit);
    } catch (error) {
      if (!limit.aborted) throw toRequestError(error);
      throw new RequestError(stage, `${STAGES[stage]} within ${connectTimeout} ms`);
    } finally {
      limit.clear();
    }
  };

  async function findAddresses({ host, port }: ConnectTarget, limit: Abortable): Promise<readonly string[]> {
    const refusal = guard?.refusal(host, port);
    if (refusal !== undefined) throw new RequestError('blocked', refusal);
    if (isIP(host) !== 0) return [host];
    const found = await within(limit, lookUp(host));
    const allowed = guard === undefined ? found : found.filter((address) => guard.allows(address));
    if (allowed.length === 0) throw new RequestError('blocked', `the name leads to ${wordsFor(found)}`);
    return allowed;
  }

  async function lookUp(host: string): Promise<readonly string[]> {
    try {
      return await resolve(host);
    } catch (cause) {
      throw new RequestError('dns', 'name not resolved', { cause });
    }
  }
}

// DNS tells them in changing order, and two proxies are to write the same.
function wordsFor(refused: readonly string[]): string {
  const [address = 'no address', ...more] = [...new Set(refused)].sort();
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${address}${others}, not allowed`;
}
