import type { Logger } from '../platform/log/log.ts';
import { listen } from '../platform/web/listener.ts';
import { createCounters } from '../runner/counters.ts';
import { requireDirectories } from '../runner/required-directory.ts';
import type { Runner, RunnerOptions } from '../runner/runner.ts';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import { createCheckView, type CheckView, type CheckViewOptions } from './check-view.ts';

export interface NodeAgentOptions extends Pick<
  CheckViewOptions,
  'logFiles' | 'stateFile' | 'charsets' | 'perfdata' | 'checkCounters' | 'definitionMetrics' | 'forgetAfter'
> {
  readonly listenAddress: string;
  readonly webConfigFile?: string | undefined;
  /** Of Sensu's configuration; empty: the log tells all that is known. */
  readonly configDirectories: readonly string[];
  /** To run the checks of that configuration too; undefined: sensu-client, or another process, does. */
  readonly runner: Pick<RunnerOptions, 'logFile' | 'outputLimit' | 'stdout' | 'halt'> | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}

/** All that runs on a node: the agent where it listens, what it knows of the configuration, and the runner if wanted. */
export class NodeAgent {
  readonly #options: NodeAgentOptions;
  /** What ends the parts that run, in the order in which they were started. */
  readonly #ends: (() => Promise<void>)[] = [];
  #reload: (() => Promise<void>) | undefined;
  #runner: Runner | undefined;

  constructor(options: NodeAgentOptions) {
    this.#options = options;
  }

  /** Resolves to where it listens once the log has been read; rejects with nothing left open. */
  async start(): Promise<string> {
    try {
      return await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Loads the configuration again, for the agent and its runner. */
  async reload(): Promise<void> {
    await this.#reload?.();
  }

  /** Lets the runner go on with a new log file at the same path. */
  reopenLog(): void {
    this.#runner?.reopenLog();
  }

  /** Ends what was started last first. */
  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }

  async #start(): Promise<string> {
    const { listenAddress, webConfigFile, runner, log } = this.#options;
    const counters = runner && createCounters();
    const view = createCheckView({ ...this.#options, runner: counters, runnerLog: runner?.logFile });
    const listener = await listen({ listenAddress, webConfigFile, handler: view.handler, log });
    this.#ends.push(() => listener.close());
    this.#ends.push(() => view.stop());
    const configuration = await this.#configure(view);
    await view.start();
    if (configuration !== undefined) await this.#startRunner(configuration, { results: view, counters });
    return listener.url;
  }

  // Each part is loaded where it is wanted only: there is an agent on every node.
  async #configure(view: CheckView): Promise<SensuConfiguration | undefined> {
    const { configDirectories: directories, env, runner, log } = this.#options;
    if (directories.length === 0) return undefined;
    const { createConfigurationLoader } = await import('../sensu/configuration.ts');
    const { reportLoaded, toLoadedConfiguration } = await import('./configuration.ts');
    if (runner !== undefined) await requireDirectories(directories);
    const load = createConfigurationLoader({ directories, env });
    const apply = (configuration: SensuConfiguration): void => {
      const loaded = toLoadedConfiguration(configuration);
      // The runner reports what is wrong with the configuration, too.
      if (runner === undefined) reportLoaded(configuration, { loaded, log });
      view.configure(loaded);
    };
    this.#reload = async () => {
      const configuration = await load();
      // The runner first: what it does not run any more can then be removed.
      await this.#runner?.reload(configuration);
      apply(configuration);
    };
    const configuration = await load();
    apply(configuration);
    return configuration;
  }

  async #startRunner(
    configuration: SensuConfiguration,
    { results, counters }: Pick<RunnerOptions, 'results' | 'counters'>,
  ): Promise<void> {
    const { runner: options, env, log } = this.#options;
    if (options === undefined) return;
    const { Runner } = await import('../runner/runner.ts');
    const runner = new Runner({ ...options, env, logger: log, results, counters });
    await runner.start(configuration);
    this.#ends.push(() => runner.stop());
    this.#runner = runner;
  }
}
