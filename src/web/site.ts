import type { IncomingMessage } from 'node:http';
import type { Logger } from '../platform/log/log.ts';
import { ReusedParts } from '../platform/config/reused-parts.ts';
import { createNodeNames } from '../platform/http/name-resolver.ts';
import { settingsId } from '../platform/config/settings-id.ts';
import { createAccess, type Viewer } from './access/viewer.ts';
import { Cluster } from './cluster/cluster.ts';
import { Attention } from './collect/attention.ts';
import type { WebConfigFile } from './config/schema.ts';
import type { WebMetrics } from './metrics/web-metrics.ts';
import { createDetails, type Details } from './details/details.ts';

/** What a configuration puts in force. */
export interface SiteState {
  readonly config: WebConfigFile;
  readonly clusters: readonly Cluster[];
  readonly details: Details;
  readonly viewerOf: (request: IncomingMessage) => Viewer;
}

interface SiteOptions {
  readonly metrics: Pick<WebMetrics, 'observer' | 'detailsFetched'>;
  readonly log: Logger;
  readonly now: () => number;
}

/** The clusters and who may see them. A cluster whose settings stay the same keeps its data through a reload. */
export class Site {
  readonly attention: Attention;
  readonly #options: SiteOptions;
  readonly #resolve = createNodeNames();
  readonly #clusters = new ReusedParts<Cluster>((cluster) => cluster.stop());
  #state: SiteState | undefined;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.attention = new Attention(options.now);
  }

  /** What is in force; undefined before the first configuration. */
  get state(): SiteState | undefined {
    return this.#state;
  }

  /** Whether each server of each cluster was asked once. */
  get wasTried(): boolean {
    return this.#state?.clusters.every(({ wasTried }) => wasTried) ?? false;
  }

  apply(config: WebConfigFile): void {
    const { metrics, log, now } = this.#options;
    const clusters = config.clusters.map((cluster) =>
      this.#clusters.keep(settingsId(cluster, collectingSettings(config)), () => {
        const { attention } = this;
        return new Cluster({ cluster, config, attention, observer: metrics.observer, log, now });
      }),
    );
    this.#clusters.commit();
    for (const cluster of clusters) cluster.start();
    const details = createDetails({
      sources: config.details,
      resolve: this.#resolve,
      onFetched: metrics.detailsFetched,
      log,
      now,
    });
    this.#state = { config, clusters, details, viewerOf: createAccess(config, log) };
  }

  async stop(): Promise<void> {
    await this.#clusters.stop();
  }
}

// What decides how a cluster is asked. The rest may change, and what is known of it stays.
function collectingSettings({ node_selector, labels, metrics, refresh, limits }: WebConfigFile): object {
  return { node_selector, labels, metrics, refresh, limits };
}
