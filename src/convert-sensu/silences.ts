import { z } from 'zod';
import { labelIs } from '../alertmanager-api/write-matcher.ts';
import type { Fact } from './fact.ts';
import { KEEPALIVE_ALERT } from './keepalives.ts';

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
  readonly unconverted: readonly Fact[];
}

const YEAR = 365 * 24 * 3600;

/** Converts an answer of `GET /silenced` that was given at `now` (ms); throws a ZodError if it is none. */
export function toSilences(answer: unknown, now: number): ConvertedSilences {
  const entries = silencedSchema.parse(answer);
  const commands = entries
    .filter((entry) => hasMatchers(entry) && hasTimes(entry, now))
    .map((entry) => toCommand(entry, now));
  return {
    // One that Alertmanager does not take costs no other, and the script fails.
    script: [
      '#!/bin/sh',
      ': "${ALERTMANAGER_URL:?set it to the URL of an Alertmanager}"',
      'status=0',
      ...commands.map((command) => `${command} || status=1`),
      'exit "$status"',
      '',
    ].join('\n'),
    unconverted: entries.flatMap((entry) => facts(entry, now)),
  };
}

// A subscription is no label; only `client:NAME`, which every client has to itself, names a node.
function hasMatchers({ subscription }: Silenced): boolean {
  return subscription == null || subscription.startsWith('client:');
}

// No program could be told of a time that a Date cannot hold.
function hasTimes({ begin, expire }: Silenced, now: number): boolean {
  const isTime = (ms: number): boolean => !Number.isNaN(new Date(ms).getTime());
  return expire !== 0 && isTime((begin ?? 0) * 1000) && isTime(now + (expire ?? 0) * 1000);
}

function facts(entry: Silenced, now: number): Fact[] {
  const { id: name } = entry;
  const say = (weight: Fact['weight'], text: string): Fact[] => [{ weight, subject: 'silenced', name, text }];
  if (!hasMatchers(entry))
    return say('different', 'no label tells the subscriptions of a node; silence its nodes by client');
  if (!hasTimes(entry, now)) return say('different', 'its begin or expire is no time, or it is over');
  return entry.expire_on_resolve === true
    ? say('different', 'expire_on_resolve: a silence ends at its time only')
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
    `--author=${quote(textOr(creator, 'sensu'))}`,
    `--comment=${quote(textOr(reason, 'silenced in Sensu'))}`,
    ...(subscription == null ? [] : [quote(labelIs('client', subscription.slice('client:'.length)))]),
    ...(check == null ? [] : [quote(check === 'keepalive' ? KEEPALIVE_ALERT : labelIs('check', check))]),
  ].join(' ');
}

// Uchiwa leaves them empty, and Alertmanager wants both.
function textOr(text: string | null | undefined, otherwise: string): string {
  return text == null || text.trim() === '' ? otherwise : text;
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
