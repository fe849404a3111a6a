import { fileDigest } from '../file/file-digest.ts';
import { describeError, type Logger } from '../log/log.ts';
import { pollUntilStable } from '../file/poll-until-stable.ts';
import { ConfigError, formatProblem } from './config-error.ts';
import type { LoadedFile } from './load-file.ts';
import { PLATFORM_LOG } from '../log/messages.ts';

/** The configuration in force. */
export interface ConfigurationSnapshot {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly loadedAt: number;
  /** Why the file could not be loaded when it was last tried. */
  readonly problem: string | undefined;
  /** As YAML, with defaults, without secrets. */
  readonly effective: string;
}

interface ReloadsOptions<Config> {
  readonly configFile: string;
  /** Reads and checks the file; rejects with a ConfigError. */
  readonly read: (configFile: string) => Promise<LoadedFile<Config>>;
  /** The configuration as YAML, without secrets. */
  readonly describe: (config: Config) => string;
  /** Puts the configuration in force; what it resolves to is logged. If it rejects, the old one must still be in force. */
  readonly apply: (config: Config) => Promise<Readonly<Record<string, number>>>;
  readonly metrics: { readonly reloaded: (isSuccessful: boolean) => void };
  readonly log: Logger;
  readonly now: () => number;
}

/** Loads the configuration file at the start, on request, and when the file changes. */
export class Reloads<Config> {
  readonly #options: ReloadsOptions<Config>;
  readonly #stopping = new AbortController();
  #snapshot: ConfigurationSnapshot;
  /** The digest of the file as last read. */
  #digest: string | undefined;
  #reloading: Promise<string | undefined> = Promise.resolve(undefined);
  #nextReload: Promise<string | undefined> | undefined;

  constructor(options: ReloadsOptions<Config>) {
    this.#options = options;
    this.#snapshot = { file: options.configFile, loadedAt: 0, effective: '', problem: undefined };
  }

  /** The configuration in force, and the problems of the file. */
  get snapshot(): ConfigurationSnapshot {
    return this.#snapshot;
  }

  /** Reads the file for the first time. Throws ConfigError. */
  async load(): Promise<void> {
    const { configFile, read, describe, apply, metrics, log, now } = this.#options;
    this.#digest = await fileDigest(configFile);
    const { config, warnings } = await read(configFile);
    for (const warning of warnings) log.warn({ file: configFile }, formatProblem(warning));
    const effective = describe(config);
    const counts = await apply(config);
    this.#snapshot = { file: configFile, loadedAt: now(), effective, problem: undefined };
    metrics.reloaded(true);
    log.info({ file: configFile, ...counts }, PLATFORM_LOG.configurationLoaded);
  }

  /** Reads the file again. Resolves to the problems if the file is invalid; the old configuration then stays active. */
  reload(): Promise<string | undefined> {
    // A reload that has not begun yet serves all callers that arrive meanwhile.
    this.#nextReload ??= this.#reloading.then(() => {
      this.#nextReload = undefined;
      return this.#reloadOnce();
    });
    this.#reloading = this.#nextReload;
    return this.#nextReload;
  }

  /**
   * Reloads whenever the file changes. An invalid file is not tried again until it changes. Files that a configuration
   * names are read again when they are used.
   * @param interval milliseconds between two polls
   */
  async follow(interval: number): Promise<void> {
    const look = (): Promise<string> => fileDigest(this.#options.configFile);
    for await (const digest of pollUntilStable({ look, interval, signal: this.#stopping.signal })) {
      if (digest !== this.#digest) await this.reload();
    }
  }

  /** Prevents further reloads; resolves when the one under way is over. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reloading;
  }

  async #reloadOnce(): Promise<string | undefined> {
    if (this.#stopping.signal.aborted) return 'the program is stopping';
    const { configFile, metrics, log } = this.#options;
    try {
      await this.load();
      return undefined;
    } catch (error) {
      metrics.reloaded(false);
      log.error({ err: error }, PLATFORM_LOG.configurationNotReloaded);
      const problem = error instanceof ConfigError ? error.message : `${configFile}: ${describeError(error)}`;
      this.#snapshot = { ...this.#snapshot, problem };
      return problem;
    }
  }
}
