import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import type { AlertmanagerCollector } from '../collect/alertmanager.ts';
import { parseSilence } from '../collect/parse-elements.ts';
import type { MemberSilence, SilenceMatcher } from '../model/member.ts';

/** A silence to be written. Times in milliseconds since 1970, by our clock. */
export interface NewSilence {
  /** Of the silence that is to be changed; without it a new one begins. */
  readonly id?: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** What became of a change: where it is in force, or why it is not. */
export type WriteResult =
  | {
      readonly ok: true;
      readonly id: string;
      /** The Alertmanager that took it. */
      readonly member: string;
      /** The Alertmanagers that know it by now. */
      readonly inForceOn: readonly string[];
      /** Those that do not, with the reason. */
      readonly notOn: readonly string[];
    }
  | { readonly ok: false; readonly error: string };

const MEMBER_TIMEOUT_MS = 5_000;
/** Gossip takes up to 170 ms; a member that took a POST and died may have told it before. */
const LOOK = { forMs: 2_000, everyMs: 200 };
const VERIFY = { forMs: 5_000, everyMs: 100 };

/** Writes a silence to one Alertmanager of a cluster, to the next if that does not take it, and looks where it is in force. */
export async function writeSilence(cluster: Cluster, wanted: NewSilence): Promise<WriteResult> {
  // Milliseconds that no other silence has: by them it is found again if the answer is lost.
  const silence = { ...wanted, endsAt: Math.floor(wanted.endsAt / 1_000) * 1_000 + randomInt(1, 999) };
  const failures: string[] = [];
  for (const member of inOrder(cluster)) {
    const posted = await post(member, silence);
    if (posted.kind === 'taken') return verify(cluster, member, posted.id);
    failures.push(`${member.upstream.name}: ${posted.detail}`);
    // Its word is final: the others would say the same.
    if (posted.kind === 'refused') return { ok: false, error: failures.join('; ') };
    const found = posted.kind === 'unknown' ? await look(cluster, silence) : undefined;
    if (found !== undefined) return verify(cluster, found.member, found.id);
  }
  return { ok: false, error: `No Alertmanager took it: ${failures.join('; ')}` };
}

/** Ends a silence. One that has ended already counts as done. */
export async function expireSilence(cluster: Cluster, id: string): Promise<WriteResult> {
  const failures: string[] = [];
  const members = inOrder(cluster);
  for (const member of members) {
    const path = `/api/v2/silence/${encodeURIComponent(id)}`;
    const answer = await member.upstream.ask({
      what: 'expire',
      method: 'DELETE',
      path,
      timeout: MEMBER_TIMEOUT_MS,
    });
    if (answer.ok) {
      await refresh(cluster, id);
      return { ok: true, id, member: member.upstream.name, inForceOn: [], notOn: [] };
    }
    failures.push(`${member.upstream.name}: ${answer.detail}`);
  }
  return { ok: false, error: `No Alertmanager took it: ${failures.join('; ')}` };
}

type Posted =
  | { readonly kind: 'taken'; readonly id: string }
  /** `unknown`: it may have taken it. `unsent`: it cannot have. `refused`: it said no. */
  | { readonly kind: 'unknown' | 'unsent' | 'refused'; readonly detail: string };

async function post({ upstream }: AlertmanagerCollector, silence: NewSilence): Promise<Posted> {
  // Ends are judged by the clock of the Alertmanager; one that is a little off is not worth a shift.
  const shift = Math.abs(upstream.clockAhead) > 5_000 ? upstream.clockAhead : 0;
  const body = {
    ...silence,
    startsAt: new Date(silence.startsAt + shift).toISOString(),
    endsAt: new Date(silence.endsAt + shift).toISOString(),
  };
  const answer = await upstream.ask({
    what: 'create',
    method: 'POST',
    path: '/api/v2/silences',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    timeout: MEMBER_TIMEOUT_MS,
  });
  if (answer.ok) {
    const id = /"silenceID"\s*:\s*"([\w-]+)"/.exec(answer.body.toString())?.[1];
    return id === undefined ? { kind: 'unknown', detail: 'its answer has no id' } : { kind: 'taken', id };
  }
  const { reason, detail } = answer;
  if (reason === 'http_4xx') return { kind: 'refused', detail };
  const isUnsent = ['refused', 'dns', 'connect_timeout', 'tls', 'blocked', 'http_5xx'].includes(reason);
  return { kind: isUnsent ? 'unsent' : 'unknown', detail };
}

// Those that answer, the quickest first.
function inOrder({ alertmanagers }: Cluster): AlertmanagerCollector[] {
  return alertmanagers.toSorted(
    ({ upstream: one }, { upstream: other }) =>
      Number(one.failure !== undefined) - Number(other.failure !== undefined) || one.latency - other.latency,
  );
}

async function look(
  cluster: Cluster,
  silence: NewSilence,
): Promise<{ member: AlertmanagerCollector; id: string } | undefined> {
  const until = performance.now() + LOOK.forMs;
  do {
    for (const member of cluster.alertmanagers) {
      const answer = await member.upstream.ask({
        what: 'look',
        method: 'GET',
        path: '/api/v2/silences',
        timeout: LOOK.forMs,
      });
      const found = answer.ok ? parseList(answer.body).find((one) => isSame(one, silence)) : undefined;
      if (found !== undefined) return { member, id: found.id };
    }
    await delay(LOOK.everyMs);
  } while (performance.now() < until);
  return undefined;
}

function isSame(one: MemberSilence, { endsAt, createdBy, comment }: NewSilence): boolean {
  return one.endsAt % 1_000 === endsAt % 1_000 && one.createdBy === createdBy && one.comment === comment;
}

function parseList(body: Buffer): MemberSilence[] {
  try {
    const list: unknown = JSON.parse(body.toString());
    return Array.isArray(list) ? list.flatMap((element) => parseSilence(element) ?? []) : [];
  } catch {
    return [];
  }
}

async function verify(cluster: Cluster, taker: AlertmanagerCollector, id: string): Promise<WriteResult> {
  const results = await Promise.all(
    cluster.alertmanagers.map(async (member) => ({
      name: member.upstream.name,
      state: await seen(member, id),
    })),
  );
  await refresh(cluster, id);
  return {
    ok: true,
    id,
    member: taker.upstream.name,
    inForceOn: results.filter(({ state }) => state === undefined).map(({ name }) => name),
    notOn: results.flatMap(({ name, state }) => (state === undefined ? [] : [`${name}: ${state}`])),
  };
}

// Undefined once it is there, else why not.
async function seen({ upstream }: AlertmanagerCollector, id: string): Promise<string | undefined> {
  const until = performance.now() + VERIFY.forMs;
  for (;;) {
    const answer = await upstream.ask({
      what: 'verify',
      method: 'GET',
      path: `/api/v2/silence/${encodeURIComponent(id)}`,
      timeout: MEMBER_TIMEOUT_MS,
    });
    if (answer.ok) return undefined;
    if (answer.reason !== 'http_4xx')
      return `does not answer (${answer.detail}); it learns of it when it is back`;
    if (performance.now() > until) return 'does not have it after 5 s';
    await delay(VERIFY.everyMs);
  }
}

/** Reads a silence from each Alertmanager, so that the pages show it as it is now. */
async function refresh(cluster: Cluster, id: string): Promise<void> {
  await Promise.all(
    cluster.alertmanagers.map(async ({ upstream }) => {
      const path = `/api/v2/silence/${encodeURIComponent(id)}`;
      const answer = await upstream.ask({ what: 'silence', method: 'GET', path, timeout: MEMBER_TIMEOUT_MS });
      const silence = answer.ok ? parseList(Buffer.from(`[${answer.body.toString()}]`))[0] : undefined;
      if (silence !== undefined) cluster.noteSilence(upstream.name, silence);
    }),
  );
}
