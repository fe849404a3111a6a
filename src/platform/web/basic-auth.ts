import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { compare } from 'bcrypt';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Login } from './basic-authorization.ts';

/** `busy`: too many unknown passwords are waiting; a known one is never told this. */
export type LoginVerdict = 'accepted' | 'refused' | 'busy';

export interface BasicAuth {
  /** Compares with the bcrypt hash of that user; `address` is who asks. Never rejects. */
  verify(users: ReadonlyMap<string, string>, login: Login, address: string): Promise<LoginVerdict>;
}

// Each comparison costs some 60 ms of a core. One at a time and a rest after each wrong one: a flood of bad logins gets
// less than half a core. Comparisons run outside of the event loop.
const REST_AFTER_REFUSAL_MS = 100;
// One address that guesses passwords cannot take every place in the queue from the others.
const WAITING_PER_ADDRESS = 4;
const WAITING = 64;
// Users, times the passwords that bcrypt takes for the same (it reads 72 bytes).
const REMEMBERED = 1000;

export function createBasicAuth(): BasicAuth {
  // Keyed digests instead of passwords. Only good ones: a flood of bad ones would push them out.
  const secret = randomBytes(32);
  const accepted = new LRUCache<string, true>({ max: REMEMBERED });
  const waiting = new Map<string, { address: string; result: Promise<boolean> }>();
  const oneAtATime = pLimit(1);

  async function verify(
    users: ReadonlyMap<string, string>,
    login: Login,
    address: string,
  ): Promise<LoginVerdict> {
    const { user, password } = login;
    const hash = users.get(user);
    const key = createHmac('sha256', secret)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
    if (accepted.has(key)) return 'accepted';

    const result = waiting.get(key)?.result ?? enqueue(key, password, hash ?? hashOfNobody(users), address);
    if (result === undefined) return 'busy';
    if (!(await result) || hash === undefined) return 'refused';
    accepted.set(key, true);
    return 'accepted';
  }

  function enqueue(
    key: string,
    password: string,
    hash: string,
    address: string,
  ): Promise<boolean> | undefined {
    const ofAddress = [...waiting.values()].filter((other) => other.address === address).length;
    if (waiting.size >= WAITING || ofAddress >= WAITING_PER_ADDRESS) return undefined;
    const result = oneAtATime(async () => {
      const matches = await compare(password, toKnownVersion(hash));
      if (!matches) await delay(REST_AFTER_REFUSAL_MS, undefined, { ref: false });
      return matches;
    }).finally(() => waiting.delete(key));
    waiting.set(key, { address, result });
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
