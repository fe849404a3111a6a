import { fileDigest } from '../../platform/file/file-digest.ts';
import { describeError, type Logger } from '../../platform/log/log.ts';
import { pollUntilStable } from '../../platform/file/poll-until-stable.ts';
import type { ConfigurationSnapshot } from '../api/page/snapshot.ts';
import type { Engine, Generation } from './engine.ts';
import { ConfigError, formatProblem } from '../../platform/config/config-error.ts';
import { describeConfig } from '../config/describe.ts';
import { loadConfig } from '../config/load.ts';
import type { ReloadMetrics } from '../metrics/reload-metrics.ts';

export interface ReloadsOptions {
  readonly configFile: string;
  readonly engine: Pick<Engine, 'load'>;
  /** Called with what is in force from then on. */
  readonly onLoaded: (generation: Generation) => void;
  readonly metrics: ReloadMetrics;
  readonly log: Logger;
  readonly now: () => number;
}

/** Puts in force what the configuration file says: at the start, when told to, and when the file changes. */
export class Reloads {
  readonly #options: ReloadsOptions;
  readonly #stopping = new AbortController();
  #snapshot: ConfigurationSnapshot;
  /** Of the configuration file, as it was last read. */
  #digest: string | undefined;
  #reloading: Promise<string | undefined> = Promise.resolve(undefined);
  #nextReload: Promise<string | undefined> | undefined;

  constructor(options: ReloadsOptions) {
    this.#options = options;
    this.#snapshot = { file: options.configFile, loadedAt: 0, effective: '', problem: undefined };
  }

  /** What is in force, and what is wrong with the file. */
  get snapshot(): ConfigurationSnapshot {
    return this.#snapshot;
  }

  /** Reads the file for the first time. Throws ConfigError. */
  async load(): Promise<void> {
    const { configFile, engine, onLoaded, metrics, log, now } = this.#options;
    this.#digest = await fileDigest(configFile);
    const { config, warnings } = await loadConfig(configFile);
    for (const warning of warnings) log.warn({ file: configFile }, formatProblem(warning));
    const effective = describeConfig(config);
    onLoaded(await engine.load(config));
    this.#snapshot = { file: configFile, loadedAt: now(), effective, problem: undefined };
    metrics.reloaded(true);
    log.info({ file: configFile, sources: config.sources.length }, 'configuration loaded');
  }

  /** Reads the file again. Resolves to sentences on what is wrong with it; then the old configuration stays. */
  reload(): Promise<string | undefined> {
    // One that has not begun will read what the file says by then: it serves all who ask meanwhile.
    this.#nextReload ??= this.#reloading.then(() => {
      this.#nextReload = undefined;
      return this.#reloadOnce();
    });
    this.#reloading = this.#nextReload;
    return this.#nextReload;
  }

  /**
   * Reloads whenever the file has changed. What cannot be used is not tried again before it changes. The files that a
   * configuration names are read anew as they are used.
   * @param interval milliseconds between two looks
   */
  async follow(interval: number): Promise<void> {
    const look = (): Promise<string> => fileDigest(this.#options.configFile);
    for await (const digest of pollUntilStable({ look, interval, signal: this.#stopping.signal })) {
      if (digest !== this.#digest) await this.reload();
    }
  }

  /** Begins no reload any more; resolves when the one under way is over. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reloading;
  }

  async #reloadOnce(): Promise<string | undefined> {
    if (this.#stopping.signal.aborted) return 'the proxy is stopping';
    const { configFile, metrics, log } = this.#options;
    try {
      await this.load();
      return undefined;
    } catch (error) {
      metrics.reloaded(false);
      log.error({ err: error }, 'configuration not reloaded; the old one stays in force');
      const problem = error instanceof ConfigError ? error.message : `${configFile}: ${describeError(error)}`;
      this.#snapshot = { ...this.#snapshot, problem };
      return problem;
    }
  }
}
