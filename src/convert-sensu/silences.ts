import { z } from 'zod';
import { labelIs } from '../alertmanager-api/write-matcher.ts';

// sensu lib/sensu/api/routes/silenced.rb
const silencedSchema = z.array(
  z.looseObject({
    id: z.string(),
    subscription: z.string().nullish(),
    check: z.string().nullish(),
    reason: z.string().nullish(),
    creator: z.string().nullish(),
    begin: z.number().nullish(),
    expire: z.number().nullish(),
    expire_on_resolve: z.boolean().nullish(),
  }),
);

type Silenced = z.infer<typeof silencedSchema>[number];

/** A shell script that silences what Sensu's `GET /silenced` lists, and what it cannot silence. */
export interface ConvertedSilences {
  readonly script: string;
  readonly unconverted: readonly string[];
}

const YEAR = 365 * 24 * 3600;

/** Converts an answer of `GET /silenced` that was given at `now` (ms); throws a ZodError if it is none. */
export function toSilences(answer: unknown, now: number): ConvertedSilences {
  const entries = silencedSchema.parse(answer);
  const commands = entries
    .filter((entry) => hasMatchers(entry) && hasTimes(entry, now))
    .map((entry) => toCommand(entry, now));
  return {
    script: [
      '#!/bin/sh',
      ': "${ALERTMANAGER_URL:?set it to the URL of an Alertmanager}"',
      ...commands,
      '',
    ].join('\n'),
    unconverted: entries.flatMap((entry) => sentences(entry, now)),
  };
}

// A subscription is no label; only `client:NAME`, which every client has to itself, names a node.
function hasMatchers({ subscription }: Silenced): boolean {
  return subscription == null || subscription.startsWith('client:');
}

// No program could be told of a time that a Date cannot hold.
function hasTimes({ begin, expire }: Silenced, now: number): boolean {
  return [(begin ?? 0) * 1000, now + (expire ?? 0) * 1000].every(
    (ms) => !Number.isNaN(new Date(ms).getTime()),
  );
}

function sentences(entry: Silenced, now: number): string[] {
  if (!hasMatchers(entry)) {
    return [
      `silenced "${entry.id}": no label tells the subscriptions of a node; silence its nodes by client`,
    ];
  }
  if (!hasTimes(entry, now)) return [`silenced "${entry.id}": its begin or expire is no time`];
  return entry.expire_on_resolve === true
    ? [`silenced "${entry.id}": expire_on_resolve: a silence ends at its time only`]
    : [];
}

function toCommand({ subscription, check, reason, creator, begin, expire }: Silenced, now: number): string {
  // Alertmanager wants an end; -1 is Sensu's "never". A silence that is to begin later counts from now, too.
  const seconds = expire == null || expire < 0 ? YEAR : expire;
  const isLater = begin != null && begin * 1000 > now;
  return [
    'amtool --alertmanager.url="$ALERTMANAGER_URL" silence add',
    ...(isLater
      ? [`--start=${timestamp(begin * 1000)}`, `--end=${timestamp(now + seconds * 1000)}`]
      : [`--duration=${seconds}s`]),
    `--author=${quote(creator ?? 'sensu')}`,
    `--comment=${quote(reason ?? 'silenced in Sensu')}`,
    ...(subscription == null ? [] : [quote(labelIs('client', subscription.slice('client:'.length)))]),
    ...(check == null ? [] : [quote(labelIs('check', check))]),
  ].join(' ');
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
