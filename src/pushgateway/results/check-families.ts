import { ODD_EXIT_CODE, RESULT_GAUGES, type CheckGauge } from '../../checks/check-metrics.ts';
import type { Clock } from '../../checks/clock.ts';
import { Judge, type JudgedCheck } from '../../checks/judging/judge.ts';
import { intervalOf, type KnownCheck } from '../../checks/known-checks.ts';
import { PROBLEM_HELP, problemLabelsOf } from '../../checks/problem-metrics.ts';
import type { LabelPair } from '../exposition/metric-family.ts';
import { formatFloat64 } from '../exposition/numbers.ts';
import { writeHead, writeSeries } from '../exposition/write.ts';
import type { ScrapedFamily } from '../metrics/scraped-families.ts';
import type { CheckEntry, ClientEntry } from './check-entry.ts';
import type { ResultStore } from './result-store.ts';

/** A check with what tells its series from all others. */
interface ShownCheck {
  readonly check: KnownCheck;
  readonly labels: readonly LabelPair[];
}

type Sample = readonly [extra: Readonly<Record<string, string>>, value: number];

interface CheckFamily {
  readonly name: string;
  readonly help: string;
  readonly samples: (judged: JudgedCheck) => readonly Sample[];
}

const INTERVAL: CheckGauge = {
  name: 'check_interval_seconds',
  help: 'Time between two runs.',
  value: intervalOf,
};

const FAMILIES: readonly CheckFamily[] = [
  ...[...RESULT_GAUGES, ODD_EXIT_CODE, INTERVAL].map(toFamily),
  {
    name: 'check_problem',
    help: PROBLEM_HELP,
    samples: ({ problems }) => problems.map((problem) => [problemLabelsOf(problem), problem.status]),
  },
  {
    name: 'check_problem_timestamp_seconds',
    help: 'When the check that has the problem ran last.',
    samples: ({ check, problems }) => {
      const executed = check.state?.result.executed;
      return executed === undefined ? [] : problems.map((problem) => [problemLabelsOf(problem), executed]);
    },
  },
  {
    name: 'check_problem_occurrences',
    help: 'Results in a row with the status that failed.',
    samples: ({ problems }) =>
      problems.flatMap((problem): Sample[] =>
        problem.kind === 'failed' ? [[problemLabelsOf(problem), problem.occurrences]] : [],
      ),
  },
  {
    name: 'check_unknown',
    help: 'Always 1, for each defined check of which no result is known.',
    samples: ({ check }) => (check.state === undefined ? [[{}, 1]] : []),
  },
];

interface ClientFamily {
  readonly name: string;
  readonly help: string;
  readonly value: (client: ClientEntry) => number | undefined;
}

const CLIENT_FAMILIES: readonly ClientFamily[] = [
  {
    name: 'check_client_last_push_timestamp_seconds',
    help: "When the client pushed last, by the gateway's clock.",
    value: ({ received }) => received / 1000,
  },
  {
    name: 'check_client_clock_error_seconds',
    help: "How far the client's clock is from the gateway's, where that is more than a minute.",
    value: ({ clockError }) => clockError,
  },
  {
    name: 'check_client_spooled_results',
    help: 'Results that wait with the client, where there are any.',
    value: ({ spooled }) => spooled || undefined,
  },
  {
    name: 'check_client_dropped_results_total',
    help: 'Results that the client had to drop, where there are any.',
    value: ({ dropped }) => dropped || undefined,
  },
];

/** The names of all families that are made of check results: nobody can push these for a check. */
export const CHECK_FAMILY_NAMES: ReadonlySet<string> = new Set(
  [...FAMILIES, ...CLIENT_FAMILIES].map(({ name }) => name),
);

/** The series of all checks and clients, as they are at each call. */
export function createCheckFamilies(results: ResultStore, clock: Clock): () => ScrapedFamily[] {
  const keys = new WeakMap<KnownCheck, string>();
  const judge = new Judge({ clock, keyOf: (check) => keys.get(check) ?? '' });
  return function checkFamilies() {
    const shown = [...results.checks().map((entry) => toShown(entry, results)), ...definedOnly(results)];
    for (const { check, labels } of shown) keys.set(check, JSON.stringify(labels));
    const judged = judge.judge(shown.map(({ check }) => check));
    const labelsOf = new Map(shown.map(({ check, labels }) => [check, labels]));
    return [
      ...FAMILIES.map(({ name, help, samples }) => ({
        name,
        head: writeHead(name, 'gauge', help, 'underscores'),
        samples: lines(name, judged, labelsOf, samples),
      })),
      ...clientFamilies(results.clients()),
    ];
  };
}

function* lines(
  name: string,
  judged: readonly JudgedCheck[],
  labelsOf: ReadonlyMap<KnownCheck, readonly LabelPair[]>,
  samples: CheckFamily['samples'],
): Generator<string> {
  for (const one of judged) {
    for (const [extra, value] of samples(one)) {
      yield writeLine(name, [...(labelsOf.get(one.check) ?? []), ...Object.entries(extra)], value);
    }
  }
}

function clientFamilies(clients: readonly ClientEntry[]): ScrapedFamily[] {
  return CLIENT_FAMILIES.map(({ name, help, value }) => ({
    name,
    head: writeHead(name, 'gauge', help, 'underscores'),
    samples: clients.flatMap((client) => {
      const found = value(client);
      const labels: LabelPair[] = [
        ['client', client.name],
        ['instance', client.instance],
        ['job', client.job],
      ];
      return found === undefined ? [] : [writeLine(name, labels, found)];
    }),
  }));
}

function toShown(entry: CheckEntry, results: ResultStore): ShownCheck {
  const { name, owner, instance, job, state } = entry;
  const labels: LabelPair[] = [
    ['check', name],
    ['client', owner],
    ['instance', instance],
    ['job', job],
  ];
  if (state.result.source !== undefined) labels.push(['source', state.result.source]);
  return { check: results.known(entry), labels };
}

// A check of a proxy client belongs to its source, and is looked for there.
function definedOnly(results: ResultStore): ShownCheck[] {
  return results.clients().flatMap(({ name: client, instance, job, defined, subdued }) =>
    Object.entries(defined).flatMap(([name, definition]): ShownCheck[] => {
      const source = typeof definition['source'] === 'string' ? definition['source'] : undefined;
      if (source !== undefined || results.find(client, name) !== undefined) return [];
      const seconds = subdued[name];
      const lastSubdued = seconds === undefined ? undefined : results.subduedAt(seconds);
      const labels: LabelPair[] = [
        ['check', name],
        ['client', client],
        ['instance', instance],
        ['job', job],
      ];
      return [{ check: { name, source, state: undefined, definition, lastSubdued }, labels }];
    }),
  );
}

function toFamily({ name, help, value }: CheckGauge): CheckFamily {
  return {
    name,
    help,
    samples({ check }) {
      const sample = value(check);
      return sample === undefined ? [] : [[{}, sample]];
    },
  };
}

function writeLine(name: string, labels: readonly LabelPair[], value: number): string {
  return `${writeSeries(name, labels, 'underscores')} ${formatFloat64(value)}\n`;
}
