import type { BatchAnswer, Intake } from '../../../../src/proxy/intake/intake.ts';
import { encodeBatch, firing, resolved, type PostedAlert } from '../../../support/alert-builder.ts';
import type { Random } from './random.ts';

/** A batch on its way, and all that is known of its answer. Times in milliseconds of the clock that nobody sets. */
export interface Posted {
  readonly alerts: readonly PostedAlert[];
  readonly at: number;
  answeredAt?: number;
  answer?: BatchAnswer;
}

/** Alerts that all replicas of a Prometheus send, as their rules see them. */
class Alerts {
  readonly #names: readonly string[];
  readonly #random: Random;
  readonly #now: () => number;
  readonly #number: () => number;
  readonly #firing = new Map<string, PostedAlert>();

  constructor(names: readonly string[], random: Random, now: () => number, number: () => number) {
    this.#names = names;
    this.#random = random;
    this.#now = now;
    this.#number = number;
  }

  /** The number of an alert's state says which came first. */
  nextBatch(): readonly PostedAlert[] {
    return this.#names.filter(() => this.#random.chance(0.5)).map((name) => this.#nextState(name));
  }

  #nextState(name: string): PostedAlert {
    const labels = { alertname: name, instance: `node-${name.toLowerCase()}`, check: 'check' };
    const annotations = { number: String(this.#number()) };
    const before = this.#firing.get(name);
    if (before !== undefined && this.#random.chance(0.4)) {
      this.#firing.delete(name);
      return resolved({ ...before, annotations }, new Date(this.#now()));
    }
    const startsAt = before?.startsAt ?? new Date(this.#now()).toISOString();
    const lasts = this.#random.chance(0.1) ? 6_000 : 240_000;
    const endsAt = new Date(this.#now() + lasts).toISOString();
    const alert = firing(labels, { annotations, startsAt, endsAt });
    this.#firing.set(name, alert);
    return alert;
  }
}

/** The names of the alerts of each tenant; each has two replicas of a Prometheus, and a crowd of connections. */
export const NAMES = {
  one: ['Disk', 'Load', 'Swap', 'Ping'],
  other: ['Door', 'Lamp'],
} as const;

/** All who send: each waits for its answer before it sends its next batch, as Prometheus does, but for the crowd. */
export class Senders {
  readonly posted: Posted[] = [];
  readonly #intake: Intake;
  readonly #random: Random;
  readonly #alerts: Readonly<Record<keyof typeof NAMES, Alerts>>;
  readonly #waiting = new Set<string>();

  /** @param now the clock of the senders, in milliseconds since 1970 */
  constructor(intake: Intake, random: Random, now: () => number) {
    this.#intake = intake;
    this.#random = random;
    let last = 0;
    const number = (): number => ++last;
    this.#alerts = {
      one: new Alerts(NAMES.one, random, now, number),
      other: new Alerts(NAMES.other, random, now, number),
    };
  }

  /** One of them sends a batch, unless it waits. */
  post(): void {
    const tenant = this.#random.chance(0.7) ? 'one' : 'other';
    const sender = `${tenant}-${this.#random.integer(2)}`;
    if (this.#waiting.has(sender)) return;
    this.#waiting.add(sender);
    void this.#send(tenant, sender).finally(() => this.#waiting.delete(sender));
  }

  /** One of them sends many batches at once, over as many connections. */
  postMany(): void {
    const tenant = this.#random.pick(['one', 'other'] as const);
    for (let batch = this.#random.integer(12); batch > 0; batch--) void this.#send(tenant, `${tenant}-crowd`);
  }

  async #send(tenant: keyof typeof NAMES, sender: string): Promise<void> {
    const alerts = this.#alerts[tenant].nextBatch();
    if (alerts.length === 0) return;
    const posted: Posted = { alerts, at: performance.now() };
    this.posted.push(posted);
    const body = encodeBatch(alerts);
    posted.answer = await this.#intake.receive({ body, headers: {}, sender, startedAt: posted.at });
    posted.answeredAt = performance.now();
  }
}

/** The number of an alert's state. */
export function numberOf({ annotations }: PostedAlert): number {
  return Number(annotations?.['number']);
}
