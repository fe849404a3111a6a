import { formatDuration } from '../../platform/time/duration.ts';
import type { Finding, KeyPath } from '../../platform/config/finding.ts';
import type { Config } from './schema.ts';

type Source = Config['sources'][number];

// Prometheus gives up on a batch after 10 s unless its own `timeout` says otherwise, and sends it no second time.
const LONGEST_ANSWER_MS = 9_000;
// Prometheus sends a firing alert again after --rules.alert.resend-delay, one minute unless set.
const RESEND_DELAY_MS = 60_000;

/** What is valid but hardly meant. */
export function hintsFor(config: Config): Finding[] {
  return [
    ...answerHints(config),
    ...cacheHints(config),
    ...config.sources.flatMap((source, index) => [
      ...timeoutHints(source, ['sources', index], config.enrichment.deadline),
      ...portHints(source, ['sources', index]),
    ]),
    ...shadowHints(config.sources),
  ];
}

function answerHints({ enrichment, alertmanagers }: Config): Finding[] {
  const timeout = Math.max(...alertmanagers.map((alertmanager) => alertmanager.timeout));
  const longest = enrichment.deadline + timeout;
  if (longest < LONGEST_ANSWER_MS) return [];
  return [
    {
      path: ['enrichment', 'deadline'],
      sentence:
        `with the largest timeout of an Alertmanager (${formatDuration(timeout)}) an answer may take ` +
        `${formatDuration(longest)}; keep it under ${formatDuration(LONGEST_ANSWER_MS)}, because Prometheus gives up ` +
        'after 10s and does not send the batch again',
    },
  ];
}

function cacheHints({ enrichment }: Config): Finding[] {
  if (enrichment.cache.negative_ttl >= RESEND_DELAY_MS) return [];
  return [
    {
      path: ['enrichment', 'cache', 'negative_ttl'],
      sentence: `shorter than the resend delay of Prometheus (${formatDuration(RESEND_DELAY_MS)}): a dead node is asked at each re-send`,
    },
  ];
}

function timeoutHints({ timeout, connect_timeout }: Source, path: KeyPath, deadline: number): Finding[] {
  const hints: Finding[] = [];
  if (connect_timeout >= timeout) {
    const sentence = `never reached, because timeout is ${formatDuration(timeout)}`;
    hints.push({ path: [...path, 'connect_timeout'], sentence });
  }
  if (timeout > deadline) {
    const sentence = `alerts wait no longer than enrichment.deadline (${formatDuration(deadline)})`;
    hints.push({ path: [...path, 'timeout'], sentence });
  }
  return hints;
}

// Only a port that the template spells out can be checked before there is an alert.
function portHints({ url, allow }: Source, path: KeyPath): Finding[] {
  const spelled = /^https?:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(url)?.[1];
  if (spelled === undefined || allow.ports.includes(Number(spelled))) return [];
  return [
    { path: [...path, 'allow', 'ports'], sentence: `without ${spelled} the url of this source is blocked` },
  ];
}

function shadowHints(sources: readonly Source[]): Finding[] {
  const last = sources.findIndex((source) => source.matchers.length === 0);
  if (last === -1 || last === sources.length - 1) return [];
  return [
    {
      path: ['sources', last, 'matchers'],
      sentence: 'without matchers this source takes every alert; the sources below it get none',
    },
  ];
}
