import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LookupResult } from '../../../../src/proxy/enrich/lookup.ts';
import { failure, success } from '../enrich/policy/stub-lookup.ts';
import { brokenPromises } from './promises.ts';
import { createRandom, type Random } from './random.ts';
import { Senders } from './senders.ts';
import { MODES, SimulatedAlertmanager } from './simulated-alertmanager.ts';
import { createSimulatedProxy, monotonic, type SimulatedProxy } from './simulated-proxy.ts';

const SEEDS = 1_000;
const STEPS = 25;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const JUMPS = [-HOUR, HOUR, -DAY, DAY, -365 * DAY, 365 * DAY];

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Senders, nodes that come and go, Alertmanagers that fail, a clock that is set: all that a seed makes happen. */
class World {
  readonly alertmanagers = [new SimulatedAlertmanager(), new SimulatedAlertmanager()];
  readonly proxy: SimulatedProxy;
  readonly senders: Senders;
  /** The senders' clock at time 0 of the clock that nobody sets. */
  readonly epoch: number;
  readonly #random: Random;
  #areNodesWell = true;

  constructor(random: Random) {
    this.#random = random;
    // The senders' clocks may be ahead of the proxy's.
    this.epoch = Date.now() - performance.now() + (random.chance(0.5) ? random.integer(1_900) : 0);
    this.proxy = createSimulatedProxy({
      alertmanagers: this.alertmanagers,
      source: (_, timeout) => this.#fetch(timeout),
      lateWindow: random.chance(0.5) ? 5_000 : 0,
    });
    this.senders = new Senders(this.proxy.intake, random, () => this.epoch + performance.now());
  }

  step(): void {
    const what = this.#random.integer(100);
    if (what < 55) this.senders.post();
    else if (what < 65) this.senders.postMany();
    else if (what < 83) this.#random.pick(this.alertmanagers).mode = this.#random.pick(MODES);
    else if (what < 93) this.#areNodesWell = !this.#areNodesWell;
    else if (what < 96) jest.setSystemTime(Date.now() + this.#random.pick(JUMPS));
    else this.proxy.reload();
  }

  brokenPromises(): string[] {
    const { senders, alertmanagers, proxy, epoch } = this;
    return brokenPromises({ posted: senders.posted, alertmanagers, dropped: proxy.dropped(), epoch });
  }

  async #fetch(timeout: number): Promise<LookupResult> {
    const fetchedAt = monotonic();
    const takes = this.#areNodesWell ? this.#random.integer(50) : this.#random.integer(3_000);
    await new Promise((resolve) => setTimeout(resolve, Math.min(takes, timeout)));
    if (takes > timeout) return failure(this.#random.pick(['timeout', 'connect_timeout']));
    if (this.#random.chance(0.02)) throw new Error('the source broke');
    return success('fine', fetchedAt);
  }
}

async function run(seed: number): Promise<World> {
  const random = createRandom(seed);
  const world = new World(random);
  for (let step = 0; step < STEPS; step++) {
    world.step();
    await jest.advanceTimersByTimeAsync(random.chance(0.5) ? random.integer(30) : random.integer(4_000));
  }
  for (const alertmanager of world.alertmanagers) alertmanager.mode = 'up';
  await jest.advanceTimersByTimeAsync(90_000);
  return world;
}

describe('a random schedule of batches and faults', () => {
  it(`keeps the promises, with ${SEEDS} seeds`, async () => {
    const problems: string[] = [];
    const seen = { joined: 0, refused: 0, failed: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = await run(seed);
      problems.push(...world.brokenPromises().map((problem) => `seed ${seed}: ${problem}`));
      for (const { answer } of world.senders.posted) {
        if (answer?.kind === 'refused') seen.refused += 1;
        else if (answer?.verdict.kind === 'unavailable') seen.failed += 1;
      }
      for (const { posts } of world.alertmanagers)
        seen.joined += posts.filter(({ alerts }) => alerts.length > 4).length;
    }

    expect(problems.slice(0, 10)).toEqual([]);
    // The schedules do reach what they are about.
    expect(Math.min(seen.joined, seen.refused, seen.failed)).toBeGreaterThan(0);
  }, 600_000);
});
