import { createHmac, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { compare } from 'bcrypt';
import { LRUCache } from 'lru-cache';
import type { Login } from './basic-authorization.ts';
import { LoginLine } from './login-line.ts';

/** `busy`: too many unknown passwords of that address are waiting; a known one is never told this. */
export type LoginVerdict = 'accepted' | 'refused' | 'busy';

/** Over which connection a login came. */
export type LoginConnection = Pick<Socket, 'remoteAddress' | 'destroyed'>;

export interface BasicAuth {
  /** Compares with the bcrypt hash of that user. Never rejects. */
  verify(
    users: ReadonlyMap<string, string>,
    login: Login,
    connection: LoginConnection,
  ): Promise<LoginVerdict>;
}

/** A login whose comparison has not ended, and the connections that sent it. */
interface WaitingLogin {
  readonly connections: Set<LoginConnection>;
  readonly result: Promise<boolean>;
}

// Each comparison costs some 60 ms of a core. One at a time and a rest after each wrong one: a flood of bad logins gets
// less than half a core. Comparisons run outside of the event loop.
const REST_AFTER_REFUSAL_MS = 100;
/** Behind an ingress all senders have one address. These take 16 s, and Prometheus gives up after 10. */
const WAITING_PER_ADDRESS = 100;
const WAITING = 1000;
// Users, times the passwords that bcrypt takes for the same (it reads 72 bytes).
const REMEMBERED = 1000;

export function createBasicAuth(): BasicAuth {
  // Keyed digests instead of passwords. Only good ones: a flood of bad ones would push them out.
  const secret = randomBytes(32);
  const accepted = new LRUCache<string, true>({ max: REMEMBERED });
  const waiting = new Map<string, WaitingLogin>();
  /** Each has one place in the line, however many requests it sends at once. */
  const inLine = new Set<LoginConnection>();
  const line = new LoginLine();

  async function verify(
    users: ReadonlyMap<string, string>,
    login: Login,
    connection: LoginConnection,
  ): Promise<LoginVerdict> {
    const { user, password } = login;
    const hash = users.get(user);
    const key = createHmac('sha256', secret)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
    if (accepted.has(key)) return 'accepted';

    const result = join(key, connection) ?? enqueue(key, password, hash ?? hashOfNobody(users), connection);
    if (result === undefined) return 'busy';
    if (!(await result) || hash === undefined) return 'refused';
    accepted.set(key, true);
    return 'accepted';
  }

  function join(key: string, connection: LoginConnection): Promise<boolean> | undefined {
    const same = waiting.get(key);
    same?.connections.add(connection);
    return same?.result;
  }

  function enqueue(
    key: string,
    password: string,
    hash: string,
    connection: LoginConnection,
  ): Promise<boolean> | undefined {
    const { remoteAddress: address = '' } = connection;
    if (inLine.has(connection) || waiting.size >= WAITING) return undefined;
    if (line.waitingOf(address) >= WAITING_PER_ADDRESS) return undefined;
    const connections = new Set([connection]);
    inLine.add(connection);
    const result = line
      .inTurn(address, async () => {
        // Those who have gone do not hold up those who wait.
        if ([...connections].every(({ destroyed }) => destroyed)) return false;
        const matches = await compare(password, toKnownVersion(hash));
        if (!matches) await delay(REST_AFTER_REFUSAL_MS, undefined, { ref: false });
        return matches;
      })
      .finally(() => {
        waiting.delete(key);
        inLine.delete(connection);
      });
    waiting.set(key, { connections, result });
    return result;
  }

  return { verify };
}

// A user who does not exist takes as long as the one whose hash costs most. Matches no password that anybody knows.
function hashOfNobody(users: ReadonlyMap<string, string>): string {
  const cost =
    [...users.values()]
      .map((hash) => hash.slice(4, 6))
      .sort()
      .at(-1) ?? '10';
  return `$2b$${cost}$${'.'.repeat(53)}`;
}

// htpasswd writes $2y$ and older programs $2a$ for what OpenBSD, and the library, call $2b$.
function toKnownVersion(hash: string): string {
  return `$2b${hash.slice(3)}`;
}
