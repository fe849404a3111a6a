import type { Logger } from '../../platform/log/log.ts';
import { AlertmanagerCollector } from '../collect/alertmanager.ts';
import type { Attention } from '../collect/attention.ts';
import { PrometheusCollector } from '../collect/prometheus.ts';
import { Upstream } from '../collect/upstream.ts';
import type { ClusterConfig, UpstreamConfig, WebConfigFile } from '../config/schema.ts';
import type { ClusterSnapshot } from '../model/cluster.ts';
import type { MemberSilence } from '../model/member.ts';
import { Members } from './members.ts';
import { SnapshotBuilder } from './snapshot.ts';

/** What is told of asking upstreams, for metrics. */
export interface ClusterObserver {
  readonly asked: (cluster: string, upstream: string, kind: string, result: string, seconds: number) => void;
  readonly malformed: (cluster: string, kind: string, count: number) => void;
}

export interface ClusterOptions {
  readonly cluster: ClusterConfig;
  readonly config: WebConfigFile;
  readonly attention: Attention;
  readonly observer: ClusterObserver;
  readonly log: Logger;
  readonly now: () => number;
}

/** One cluster: asks its servers in the background, and says at any moment what is known. */
export class Cluster {
  readonly name: string;
  readonly title: string;
  readonly #options: ClusterOptions;
  readonly #alertmanagers: Members<AlertmanagerCollector>;
  readonly #prometheus: Members<PrometheusCollector>;
  readonly #builder: SnapshotBuilder;
  readonly #forget: () => void;
  #snapshot: ClusterSnapshot | undefined;

  constructor(options: ClusterOptions) {
    const { cluster, config, log } = options;
    this.name = cluster.name;
    this.title = cluster.title ?? cluster.name;
    this.#options = options;
    this.#builder = new SnapshotBuilder({ cluster, config, now: options.now });
    const onChange = (): void => {
      this.#snapshot = undefined;
    };
    const shared = { onChange, log };
    this.#alertmanagers = new Members({
      ...shared,
      configs: cluster.alertmanagers,
      create: (target, upstream, index) =>
        new AlertmanagerCollector(this.#collector('alertmanager', target, upstream, index)),
    });
    this.#prometheus = new Members({
      ...shared,
      configs: cluster.prometheus,
      create: (target, upstream, index) =>
        new PrometheusCollector({
          ...this.#collector('prometheus', target, upstream, index),
          nodeSelector: cluster.node_selector ?? config.node_selector,
        }),
    });
    this.#forget = options.attention.onReturn(() => {
      this.wake();
    });
  }

  get alertmanagers(): readonly AlertmanagerCollector[] {
    return this.#alertmanagers.list;
  }

  get prometheus(): readonly PrometheusCollector[] {
    return this.#prometheus.list;
  }

  /** All that is known at this moment. */
  get snapshot(): ClusterSnapshot {
    this.#snapshot ??= this.#builder.build({
      alertmanagers: this.alertmanagers,
      prometheus: this.prometheus,
      interval: this.#interval(this.#options.config.refresh.interval),
    });
    return this.#snapshot;
  }

  /** Whether each of its servers was asked once. */
  get wasTried(): boolean {
    const all = [...this.alertmanagers, ...this.prometheus];
    return all.length > 0 && all.every(({ upstream }) => upstream.wasTried);
  }

  start(): void {
    this.#alertmanagers.start();
    this.#prometheus.start();
  }

  /** Asks all servers now. */
  wake(): void {
    for (const collector of [...this.alertmanagers, ...this.prometheus]) collector.wake();
  }

  async stop(): Promise<void> {
    this.#forget();
    await Promise.all([this.#alertmanagers.stop(), this.#prometheus.stop()]);
  }

  /** Takes a silence as one Alertmanager has it by now, so that the pages know it at once. */
  noteSilence(member: string, silence: MemberSilence): void {
    this.alertmanagers.find(({ upstream }) => upstream.name === member)?.noteSilence(silence);
  }

  #collector(kind: Upstream['kind'], target: string, upstream: UpstreamConfig, index: number) {
    const { config, observer, log, now } = this.#options;
    const { interval } = config.refresh;
    return {
      upstream: new Upstream({
        kind,
        target,
        config: upstream,
        timeout: config.refresh.timeout,
        maxResponseBytes: config.limits.response,
        onAnswered: (name, what, result, seconds) => {
          observer.asked(this.name, name, what, result, seconds);
        },
        log: log.child({ cluster: this.name }),
        now,
      }),
      config,
      interval: (usual: number) => this.#interval(usual),
      // The first answers of all are wanted at once; the members of a set then take turns.
      phase: Math.min(index * (interval / 2), interval / 2, 1_000),
      onChange: () => {
        this.#snapshot = undefined;
      },
      onMalformed: (what: string, count: number) => {
        observer.malformed(this.name, what, count);
      },
      now,
    };
  }

  #interval(usual: number): number {
    const { attention, config } = this.#options;
    return attention.isIdle ? Math.max(usual, config.refresh.idle_interval) : usual;
  }
}
