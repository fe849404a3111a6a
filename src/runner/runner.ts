import type { Logger } from '../platform/log/log.ts';
import type { ClientDefinition } from '../sensu/client-definition.ts';
import { idleReason } from '../sensu/check-definition.ts';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import { writeJson, type JsonObject } from '../sensu/json.ts';
import { CheckExecutor } from './check-executor.ts';
import { CheckSchedule } from './check-schedule.ts';
import { createCounters, type RunnerCounters } from './counters.ts';
import { countBroken, reportDefinitions, type DefinitionCounts } from './definition-counts.ts';
import { openLog } from './log-file.ts';
import { closePushInputs, openPushInputs, type PushInputs } from './push-inputs.ts';
import type { ResultSink } from '../checks/result-sink.ts';
import { takeResults, type ResultInput } from '../checks/pushed-result.ts';
import { reportConfiguration } from './report-configuration.ts';
import { RefusedPushes } from './refused-pushes.ts';
import { LostLines } from './lost-lines.ts';
import { ResultLog } from './result-log.ts';
import { RunDirectory } from './run-directory.ts';

// How long checks under way may take to finish when the runner stops; ending the rest takes 4 s at most.
const STOP_GRACE_MS = 5_000;

const STUCK = 'cannot open the log file anew; going on with the old one, and trying again';

export interface RunnerOptions {
  /** The log of results; `-`: standard output. */
  readonly logFile: string;
  readonly stdout: NodeJS.WritableStream;
  /** Bytes kept of what a check prints. */
  readonly outputLimit: number;
  /** The environment of the checks. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the process is about to exit: kills all that checks have started. */
  readonly halt: AbortSignal;
  readonly logger: Logger;
  /** Takes the results as they are made, if somebody in this process wants them. */
  readonly results?: ResultSink | undefined;
  /** What the runner counts in, if somebody else reads it. */
  readonly counters?: RunnerCounters | undefined;
}

/** What exists from start to stop. */
interface Running {
  readonly directory: RunDirectory;
  readonly log: ResultLog;
  readonly checks: CheckExecutor;
  readonly schedule: CheckSchedule;
  configuration: SensuConfiguration;
  client: ClientDefinition;
  inputs: PushInputs;
}

/** checkscript-runner: runs the checks of a Sensu configuration and writes sensu-client's log. */
export class Runner {
  readonly #counters: RunnerCounters;
  readonly #options: RunnerOptions;
  readonly #refused: RefusedPushes;
  #running: Running | undefined;
  #definitions: DefinitionCounts = { scheduled: 0, idle: 0, broken: 0 };
  #reloading: Promise<void> = Promise.resolve();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#counters = options.counters ?? createCounters();
    this.#refused = new RefusedPushes({ counters: this.#counters, logger: options.logger });
  }

  get counters(): Readonly<RunnerCounters> {
    return this.#counters;
  }

  /** The checks as of the last load. */
  get definitions(): DefinitionCounts {
    return this.#definitions;
  }

  /** Ports of the sockets for pushed results that are open. */
  get ports(): Readonly<Partial<Record<keyof PushInputs, number>>> {
    return Object.fromEntries(
      Object.entries(this.#running?.inputs ?? {}).map(([kind, { port }]) => [kind, port]),
    );
  }

  /** Begins to run the checks of a configuration; rejects if the client's definition or the log is unusable. */
  async start(configuration: SensuConfiguration): Promise<void> {
    const { env, halt, outputLimit, logger } = this.#options;
    const counters = this.#counters;
    const parsed = configuration.client;
    if (!parsed.ok) throw new Error(`the client is not usable: ${parsed.problems.join('; ')}`);
    const { client } = parsed;
    const log = this.#openLog();
    const directory = await RunDirectory.create().catch((error: unknown) => {
      log.close();
      throw error;
    });
    const current = (): ClientDefinition => running.client;
    const checks = new CheckExecutor({
      directory,
      log,
      counters,
      client: current,
      env,
      halt,
      outputLimit,
      logger,
    });
    const schedule = new CheckSchedule((check) => {
      checks.run(check);
    });
    const running: Running = { directory, log, checks, schedule, configuration, client, inputs: {} };
    this.#running = running;
    await this.#openInputs(running);
    this.#apply(running);
  }

  /** Takes another configuration. What did not change goes on undisturbed, what is broken now goes on as it was. */
  reload(configuration: SensuConfiguration): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reload(configuration));
    return this.#reloading;
  }

  /** Goes on with the log file at the path at once; else that takes until a line a second later. */
  reopenLog(): void {
    try {
      this.#running?.log.reopen();
    } catch (error) {
      const { logger, logFile } = this.#options;
      logger.error({ file: logFile, err: error }, STUCK);
    }
  }

  /** Ends within 15 s; no process of a check is left. */
  async stop(): Promise<void> {
    await this.#reloading;
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.schedule.replace(running.client.name, []);
    await closePushInputs(running.inputs);
    this.#refused.flush();
    await running.checks.stop(STOP_GRACE_MS);
    running.log.close();
    await running.directory.close();
  }

  async #reload(configuration: SensuConfiguration): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const before = running.client;
    running.configuration = configuration;
    if (running.configuration.client.ok) running.client = running.configuration.client.client;
    this.#apply(running);
    if (socketsOf(before) !== socketsOf(running.client)) {
      await closePushInputs(running.inputs);
      await this.#openInputs(running);
    }
  }

  #openLog(): ResultLog {
    const { logFile, stdout, logger, results } = this.#options;
    const lost = new LostLines({ logFile, counters: this.#counters, logger });
    const onLine = (reason: string | undefined): void => {
      lost.note(reason);
    };
    const onStuck = (error: unknown): void => {
      logger.error({ file: logFile, err: error }, STUCK);
    };
    return new ResultLog({ sink: openLog({ path: logFile, stdout, onLine, onStuck }), results });
  }

  // Makes the loaded configuration the one that runs, and reports what of it does not.
  #apply({ configuration, client, checks, schedule }: Running): void {
    const defined = [...configuration.checks.values()];
    const active = defined.filter((check) => idleReason(check, client.subscriptions) === undefined);
    const asBefore = [...configuration.brokenChecks]
      .map((name) => schedule.get(name))
      .filter((check) => check !== undefined);
    checks.limit = configuration.spawnLimit;
    schedule.replace(client.name, [...active, ...asBefore]);
    reportConfiguration(configuration, client, this.#options.logger);
    this.#definitions = {
      scheduled: schedule.size,
      idle: defined.length - active.length,
      broken: countBroken(configuration),
    };
    reportDefinitions(this.#definitions, this.#options.logger);
  }

  async #openInputs(running: Running): Promise<void> {
    const { logger } = this.#options;
    const input: ResultInput = {
      take: (body) => takeResults(body, (check) => running.log.publish(running.client, check, 'push')),
      refuse: (reason) => {
        this.#refused.note(reason);
      },
    };
    const settings = (): JsonObject => running.configuration.settings;
    running.inputs = await openPushInputs({ client: running.client, input, settings, logger });
  }
}

function socketsOf({ attributes }: ClientDefinition): string {
  return ['socket', 'http_socket'].map((key) => writeJson(attributes.get(key) ?? null)).join();
}
