import { createDiscovery, type Discovery } from '../../platform/http/discovery.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { UpstreamConfig } from '../config/schema.ts';

interface Member {
  start(): void;
  stop(): Promise<void>;
}

interface MembersOptions<M extends Member> {
  readonly configs: readonly UpstreamConfig[];
  readonly create: (target: string, config: UpstreamConfig, index: number) => M;
  readonly onChange: () => void;
  readonly log: Logger;
}

/** The collectors of all servers of one kind in a cluster, as the configuration and DNS name them. */
export class Members<M extends Member> {
  readonly #options: MembersOptions<M>;
  readonly #discoveries: readonly Discovery[];
  #byTarget = new Map<string, M>();
  #isStopped = false;

  constructor(options: MembersOptions<M>) {
    this.#options = options;
    this.#discoveries = options.configs.map((config) =>
      createDiscovery({
        staticTargets: (config.static_configs ?? []).flatMap(({ targets }) => targets),
        dns: (config.dns_sd_configs ?? []).map(
          ({ names, type, port, refresh_interval: refreshInterval }) => ({
            names,
            type,
            port,
            refreshInterval,
          }),
        ),
        log: options.log,
        onChange: () => {
          this.#update();
        },
      }),
    );
  }

  get list(): readonly M[] {
    return [...this.#byTarget.values()];
  }

  /** Begins to find and to ask them. */
  start(): void {
    for (const discovery of this.#discoveries) void discovery.start();
    this.#update();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const discovery of this.#discoveries) discovery.stop();
    await Promise.all(this.list.map((member) => member.stop()));
  }

  #update(): void {
    if (this.#isStopped) return;
    const { configs, create, onChange } = this.#options;
    const next = new Map<string, M>();
    this.#discoveries.forEach((discovery, place) => {
      const config = configs[place];
      if (config === undefined) return;
      for (const target of discovery.targets()) {
        next.set(target, this.#byTarget.get(target) ?? create(target, config, next.size));
      }
    });
    const gone = [...this.#byTarget].filter(([target]) => !next.has(target));
    this.#byTarget = next;
    for (const member of next.values()) member.start();
    for (const [, member] of gone) void member.stop();
    onChange();
  }
}
