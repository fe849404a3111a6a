import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LookupResult } from '../../../../src/proxy/enrich/lookup.ts';
import type { BatchAnswer } from '../../../../src/proxy/intake/intake.ts';
import { encodeBatch, firing, resolved, type PostedAlert } from '../../../support/alert-builder.ts';
import { failure, success } from '../enrich/policy/stub-lookup.ts';
import { createRandom, type Random } from './random.ts';
import { MODES, SimulatedAlertmanager } from './simulated-alertmanager.ts';
import {
  ALERTMANAGER_TIMEOUT,
  createSimulatedProxy,
  DEADLINE,
  type SimulatedProxy,
} from './simulated-proxy.ts';

const SEEDS = 1_000;
const STEPS = 25;
const NAMES = ['Disk', 'Load', 'Swap', 'Ping'];

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A batch on its way, and all that is known of its answer. */
interface Posted {
  readonly alerts: readonly PostedAlert[];
  readonly at: number;
  answeredAt?: number;
  answer?: BatchAnswer;
  /** Whether an Alertmanager had applied it when the answer came, but for alerts that had expired by then. */
  wasApplied?: boolean;
}

/** Two senders, nodes that come and go, Alertmanagers that fail: all that a seed makes happen, and what became of it. */
class World {
  readonly alertmanagers = [new SimulatedAlertmanager(), new SimulatedAlertmanager()];
  readonly posted: Posted[] = [];
  readonly proxy: SimulatedProxy;
  readonly #random: Random;
  /** Milliseconds by which the senders' clocks are ahead of the proxy's. */
  readonly #ahead: number;
  readonly #firing = new Map<string, PostedAlert>();
  #areNodesWell = true;
  #number = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#ahead = random.chance(0.5) ? random.integer(1_900) : 0;
    this.proxy = createSimulatedProxy({
      alertmanagers: this.alertmanagers,
      source: (_, timeout) => this.#fetch(timeout),
      lateWindow: random.chance(0.5) ? 5_000 : 0,
    });
  }

  step(): void {
    const what = this.#random.integer(100);
    if (what < 65) this.#post();
    else if (what < 85) this.#random.pick(this.alertmanagers).mode = this.#random.pick(MODES);
    else if (what < 95) this.#areNodesWell = !this.#areNodesWell;
    else this.proxy.reload();
  }

  /** The number of an alert's state says which came first. */
  #post(): void {
    const names = NAMES.filter(() => this.#random.chance(0.5));
    const alerts = names.map((name) => this.#nextState(name));
    if (alerts.length === 0) return;
    const posted: Posted = { alerts, at: Date.now() };
    this.posted.push(posted);
    void this.proxy.intake.receive(encodeBatch(alerts), {}).then((answer) => {
      posted.answer = answer;
      posted.answeredAt = Date.now();
      const sendable = alerts.filter((alert) => !hasExpiredSince(posted.at, alert));
      posted.wasApplied = this.alertmanagers.some(({ applied }) =>
        sendable.every((alert) => applied.some((other) => numberOf(other) === numberOf(alert))),
      );
    });
  }

  #nextState(name: string): PostedAlert {
    const labels = { alertname: name, instance: `node-${name.toLowerCase()}`, check: 'check' };
    const annotations = { number: String(++this.#number) };
    const before = this.#firing.get(name);
    if (before !== undefined && this.#random.chance(0.4)) {
      this.#firing.delete(name);
      return resolved({ ...before, annotations }, new Date(Date.now() + this.#ahead));
    }
    const startsAt = before?.startsAt ?? new Date().toISOString();
    const lasts = this.#random.chance(0.1) ? 6_000 : 240_000;
    const endsAt = new Date(Date.now() + lasts).toISOString();
    const alert = firing(labels, { annotations, startsAt, endsAt });
    this.#firing.set(name, alert);
    return alert;
  }

  async #fetch(timeout: number): Promise<LookupResult> {
    const fetchedAt = Date.now();
    const takes = this.#areNodesWell ? this.#random.integer(50) : this.#random.integer(3_000);
    await new Promise((resolve) => setTimeout(resolve, Math.min(takes, timeout)));
    if (takes > timeout) return failure(this.#random.pick(['timeout', 'connect_timeout']));
    if (this.#random.chance(0.02)) throw new Error('the source broke');
    return success('fine', fetchedAt);
  }
}

function numberOf({ annotations }: PostedAlert): number {
  return Number(annotations?.['number']);
}

// One that fired then and would resolve itself now is not sent any more.
function hasExpiredSince(time: number, { endsAt = '' }: PostedAlert): boolean {
  return Date.parse(endsAt) > time && Date.parse(endsAt) <= Date.now();
}

/** All that must hold at the end, one sentence for each thing that does not. */
function problemsOf(world: World): string[] {
  const { posted, alertmanagers } = world;
  return [
    ...posted.flatMap(problemsOfAnswer),
    ...alertmanagers.flatMap(({ applied, hasBeenNarrow }, index) => [
      ...(hasBeenNarrow || applied.every(isNoted)
        ? []
        : [`Alertmanager ${index}: an alert came without a word about its check`]),
      ...NAMES.flatMap((name) => {
        const received = posted.flatMap(({ alerts }) => alerts).filter(isCalled(name));
        const latest = received.at(-1);
        const isExcused = latest !== undefined && mayHaveExpired(latest, world);
        return problemsOfAlert(received, applied.filter(isCalled(name)), isExcused).map(
          (problem) => `Alertmanager ${index}, ${name}: ${problem}`,
        );
      }),
    ]),
  ];
}

// A resolved one is kept for 15 minutes.
function mayHaveExpired(latest: PostedAlert, { posted, proxy }: World): boolean {
  const at = posted.find(({ alerts }) => alerts.includes(latest))?.at ?? 0;
  const endsAt = Date.parse(latest.endsAt ?? '');
  return endsAt <= Date.now() && endsAt > at + 2_000 && proxy.dropped() > 0;
}

function isNoted({ annotations }: PostedAlert): boolean {
  return annotations?.['check_output'] !== undefined;
}

function isCalled(name: string): (alert: PostedAlert) => boolean {
  return ({ labels }) => labels['alertname'] === name;
}

function problemsOfAnswer({ alerts, at, answeredAt, answer, wasApplied }: Posted): string[] {
  const batch = `batch of ${alerts.map(numberOf).join()}`;
  if (answer?.kind !== 'forwarded' || answeredAt === undefined) return [`${batch}: never answered`];
  const problems: string[] = [];
  if (answeredAt - at > DEADLINE + ALERTMANAGER_TIMEOUT)
    problems.push(`${batch}: answered after ${answeredAt - at} ms`);
  if (answer.verdict.kind === 'accepted' && wasApplied !== true)
    problems.push(`${batch}: said to be accepted, and no Alertmanager has it`);
  return problems;
}

function problemsOfAlert(
  received: readonly PostedAlert[],
  applied: readonly PostedAlert[],
  isExcused: boolean,
): string[] {
  const problems: string[] = [];
  const numbers = applied.map(numberOf);
  if (numbers.some((number, index) => number < (numbers[index - 1] ?? 0)))
    problems.push(`went back in time: ${numbers.join()}`);
  const latest = received.at(-1);
  if (latest !== undefined && numbers.at(-1) !== numberOf(latest) && !isExcused)
    problems.push(`lost ${numberOf(latest)}; has ${numbers.join()}`);
  return problems;
}

async function run(seed: number): Promise<string[]> {
  const random = createRandom(seed);
  const world = new World(random);
  for (let step = 0; step < STEPS; step++) {
    world.step();
    await jest.advanceTimersByTimeAsync(random.chance(0.5) ? random.integer(30) : random.integer(4_000));
  }
  for (const alertmanager of world.alertmanagers) alertmanager.mode = 'up';
  await jest.advanceTimersByTimeAsync(90_000);
  return problemsOf(world);
}

describe('a random schedule of batches and faults', () => {
  it(`loses nothing, answers in time and never goes back in time, with ${SEEDS} seeds`, async () => {
    const problems: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      problems.push(...(await run(seed)).map((problem) => `seed ${seed}: ${problem}`));
    }

    expect(problems.slice(0, 10)).toEqual([]);
  }, 600_000);
});
