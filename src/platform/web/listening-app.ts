import type { Logger } from '../log/log.ts';

/** How a part runs that listens and reloads its configuration file: the proxy, the page over clusters. */
export interface ListeningAppOptions {
  readonly configFile: string;
  /** As --web.listen-address: `:9095`. */
  readonly listenAddress: string;
  /** If set, metrics and management answer at this address only; for the proxy, everything but the alerts. */
  readonly adminListenAddress?: string | undefined;
  readonly webConfigFile?: string | undefined;
  /** The path prefix, `/` for none; for the proxy, of everything but the alerts. */
  readonly routePrefix: string;
  readonly enableLifecycle: boolean;
  /** Milliseconds between two checks of the configuration file; undefined to reload on request only. */
  readonly autoReloadInterval?: number | undefined;
  readonly log: Logger;
}
