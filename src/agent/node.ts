import type { Logger } from '../platform/log/log.ts';
import { listen } from '../platform/web/listener.ts';
import type { LogReader } from '../runner/log-reader.ts';
import type { Runner, RunnerOptions } from '../runner/runner.ts';
import { createCheckView, type CheckView, type CheckViewOptions } from './check-view.ts';

export interface NodeAgentOptions extends Pick<
  CheckViewOptions,
  'logFiles' | 'charsets' | 'perfdata' | 'checkCounters' | 'forgetAfter'
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
  #runner: Runner | undefined;
  #loadDefinitions: (() => Promise<void>) | undefined;

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

  /** Loads the configuration again, for the runner too. */
  async reload(): Promise<void> {
    // The runner first: what it does not run any more can then be forgotten.
    await this.#runner?.reload();
    await this.#loadDefinitions?.();
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
    const { logFiles, charsets, perfdata, checkCounters, forgetAfter, log } = this.#options;
    const { listenAddress, webConfigFile, configDirectories } = this.#options;
    const runner = await this.#createRunner({
      notePushed: (result) => {
        agent.notePushed(result);
      },
      takeLost: (line) => {
        agent.takeLost(line);
      },
    });
    const counters = runner?.counters;
    const agent = createCheckView({
      logFiles,
      charsets,
      perfdata,
      checkCounters,
      forgetAfter,
      runner: counters,
      runnerLog: this.#options.runner?.logFile,
      log,
    });
    const listener = await listen({ listenAddress, webConfigFile, handler: agent.handler, log });
    this.#ends.push(() => listener.close());
    this.#ends.push(() => agent.stop());
    if (runner !== undefined) await this.#startRunner(runner);
    if (configDirectories.length > 0) await this.#startDefinitions(agent);
    await agent.start();
    return listener.url;
  }

  // Each part is loaded where it is wanted only: there is an agent on every node.
  async #createRunner(reader: LogReader): Promise<Runner | undefined> {
    const { runner, configDirectories, env, log } = this.#options;
    if (runner === undefined) return undefined;
    const { Runner } = await import('../runner/runner.ts');
    return new Runner({ ...runner, configDirectories, env, logger: log, reader });
  }

  async #startRunner(runner: Runner): Promise<void> {
    await runner.start();
    this.#ends.push(() => runner.stop());
    this.#runner = runner;
  }

  async #startDefinitions(agent: CheckView): Promise<void> {
    const { configDirectories: directories, env, log } = this.#options;
    const { createDefinitionsLoader } = await import('./definitions-loader.ts');
    // The runner reports what is wrong with the configuration, too.
    const reporter = this.#runner === undefined ? log : undefined;
    this.#loadDefinitions = createDefinitionsLoader({ agent, directories, env, log: reporter });
    await this.#loadDefinitions();
  }
}
