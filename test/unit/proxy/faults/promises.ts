import type { PostedAlert } from '../../../support/alert-builder.ts';
import { numberOf, NAMES, type Posted } from './senders.ts';
import type { SimulatedAlertmanager } from './simulated-alertmanager.ts';

/** What has happened, for the promises to be held against. */
export interface History {
  readonly posted: readonly Posted[];
  readonly alertmanagers: readonly SimulatedAlertmanager[];
  /** Alerts that the queues dropped. */
  readonly dropped: number;
  /** The senders' clock at time 0 of the clock that nobody sets, in milliseconds since 1970. */
  readonly epoch: number;
}

/** Milliseconds in which an answer has to come, and after which a batch may be refused because its turn did not come. */
const ANSWER_MS = 9_000;
const LINE_MS = 8_000;

/** One sentence for each promise that is broken. */
export function brokenPromises(history: History): string[] {
  const { posted, alertmanagers } = history;
  return [
    ...posted.flatMap((batch) => brokenByAnswer(batch, history)),
    ...alertmanagers.flatMap((alertmanager, index) =>
      brokenAt(alertmanager, history).map((problem) => `Alertmanager ${index}, ${problem}`),
    ),
  ];
}

function brokenByAnswer({ alerts, at, answeredAt, answer }: Posted, history: History): string[] {
  const batch = `batch of ${alerts.map(numberOf).join()}`;
  if (answer === undefined || answeredAt === undefined) return [`${batch}: never answered`];
  const problems: string[] = [];
  const time = answeredAt - at;
  if (time > ANSWER_MS) problems.push(`${batch}: answered after ${time} ms`);
  if (answer.kind === 'refused' && time < LINE_MS) problems.push(`${batch}: refused after ${time} ms`);
  const isAccepted = answer.kind === 'forwarded' && answer.verdict.kind === 'accepted';
  if (isAccepted && !alerts.every((alert) => isApplied(alert, at, answeredAt, history)))
    problems.push(`${batch}: said to be accepted, and no Alertmanager has it`);
  return problems;
}

// This state, or a newer one; what had expired by then may be left out.
function isApplied(alert: PostedAlert, at: number, answeredAt: number, history: History): boolean {
  const endsAt = Date.parse(alert.endsAt ?? '') - history.epoch;
  if (endsAt > at && endsAt <= answeredAt) return true;
  return history.alertmanagers.some(({ applied }) =>
    applied.some((other) => isSame(other, alert) && numberOf(other) >= numberOf(alert)),
  );
}

function brokenAt(alertmanager: SimulatedAlertmanager, history: History): string[] {
  const { applied, hasBeenNarrow } = alertmanager;
  const isUnnoted = !hasBeenNarrow && applied.some(({ annotations }) => !annotations?.['check_output']);
  return [
    ...(isUnnoted ? ['an alert came without a word about its check'] : []),
    ...Object.values(NAMES)
      .flat()
      .flatMap((name) => brokenFor(name, alertmanager, history).map((problem) => `${name}: ${problem}`)),
  ];
}

function brokenFor(name: string, { applied, posts }: SimulatedAlertmanager, history: History): string[] {
  const received = history.posted.filter(({ answer }) => answer?.kind === 'forwarded');
  const problems: string[] = [];
  const numbers = applied.filter(isCalled(name)).map(numberOf);
  if (numbers.some((number, index) => number < (numbers[index - 1] ?? 0)))
    problems.push(`went back in time: ${numbers.join()}`);
  const latest = received.flatMap(({ alerts }) => alerts).findLast(isCalled(name));
  if (latest !== undefined && (numbers.at(-1) ?? 0) < numberOf(latest) && !mayHaveExpired(latest, history))
    problems.push(`lost ${numberOf(latest)}; has ${numbers.join()}`);
  for (const { at, alerts } of posts)
    for (const alert of alerts.filter(isCalled(name))) {
      const newer = received.find((batch) => isKnown(batch, at) && batch.alerts.some(isNewerThan(alert)));
      if (newer !== undefined) problems.push(`sent ${numberOf(alert)} though a newer state was known`);
    }
  return problems;
}

/** Whether its sender had its answer, so that its alerts were in the queues. */
function isKnown({ answeredAt = Infinity }: Posted, at: number): boolean {
  return answeredAt < at;
}

// A resolved one is kept for 15 minutes.
function mayHaveExpired(latest: PostedAlert, { posted, dropped, epoch }: History): boolean {
  const at = posted.find(({ alerts }) => alerts.includes(latest))?.at ?? 0;
  const endsAt = Date.parse(latest.endsAt ?? '') - epoch;
  return endsAt > at + 2_000 && endsAt <= performance.now() && dropped > 0;
}

function isCalled(name: string): (alert: PostedAlert) => boolean {
  return ({ labels }) => labels['alertname'] === name;
}

function isSame(one: PostedAlert, other: PostedAlert): boolean {
  return one.labels['alertname'] === other.labels['alertname'];
}

function isNewerThan(alert: PostedAlert): (other: PostedAlert) => boolean {
  return (other) => isSame(other, alert) && numberOf(other) > numberOf(alert);
}
