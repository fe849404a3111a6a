import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { waitAtMost } from '../platform/time/wait-at-most.ts';
import type { Logger } from '../platform/log/log.ts';
import type { CheckDefinition } from '../sensu/check-definition.ts';
import type { ClientDefinition } from '../sensu/client-definition.ts';
import { isObject, type JsonObject } from '../sensu/json.ts';
import { isInTimeWindows } from '../sensu/time-window.ts';
import { requestOf, runCheck, subduedRequestOf, type Execute } from './run-check.ts';
import { runCommand } from './command.ts';
import type { RunnerCounters } from './counters.ts';
import type { ResultLog } from './result-log.ts';
import type { RunDirectory } from './run-directory.ts';

interface CheckExecutorOptions {
  readonly directory: RunDirectory;
  readonly log: ResultLog;
  readonly counters: RunnerCounters;
  readonly client: () => ClientDefinition;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly halt: AbortSignal;
  readonly outputLimit: number;
  readonly logger: Logger;
}

interface RunUnderWay {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly end: Promise<void>;
  /** Whether somebody was told that runs are left out meanwhile. */
  told: boolean;
}

/** Runs checks when they are due: none over itself, and no more than `limit` commands at a time. */
export class CheckExecutor {
  readonly #options: CheckExecutorOptions;
  readonly #limited = pLimit(1);
  readonly #stop = new AbortController();
  readonly #underWay = new Map<string, RunUnderWay>();
  // sensu-client writes a hook's result into the definition, where it stays until the hook runs again.
  readonly #hooks = new WeakMap<CheckDefinition, JsonObject>();
  // And the time of each request.
  readonly #issued = new WeakMap<CheckDefinition, number>();

  constructor(options: CheckExecutorOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stop.signal, options.halt); // One for each command under way.
  }

  set limit(commands: number) {
    this.#limited.concurrency = commands;
  }

  /** Runs a check that is due, unless there is a reason not to. */
  run(check: CheckDefinition): void {
    const { log } = this.#options;
    const now = Date.now();
    if (check.subdue !== undefined && isInTimeWindows(check.subdue, now)) {
      log.subdued(
        subduedRequestOf(check, { issued: this.#issued.get(check), hooks: this.#hooks.get(check) }),
      );
      return;
    }
    const request = requestOf(check, now);
    this.#issued.set(check, now);
    const underWay = this.#underWay.get(check.name);
    if (underWay !== undefined) {
      this.#leaveOut(check, request, underWay);
    } else {
      const end = this.#run(check, request).finally(() => this.#underWay.delete(check.name));
      this.#underWay.set(check.name, { since: now, end, told: false });
    }
  }

  /** Waits for the checks under way, ends those that take longer than the grace, and leaves no process of a check. */
  async stop(graceMilliseconds: number): Promise<void> {
    const idle = Promise.all([...this.#underWay.values()].map(({ end }) => end));
    await waitAtMost(graceMilliseconds, idle);
    this.#stop.abort();
    await idle;
  }

  // The log of results has a line for each run that is left out, as sensu-client's; of a check that hangs, nobody reads it there.
  #leaveOut({ name }: CheckDefinition, request: JsonObject, underWay: RunUnderWay): void {
    const { counters, log, logger } = this.#options;
    counters.runsSkipped += 1;
    log.inProgress(request);
    if (underWay.told) return;
    underWay.told = true;
    const { since } = underWay;
    const seconds = Math.round((Date.now() - since) / 1000);
    logger.warn({ check: name, since: new Date(since).toISOString(), seconds }, STILL_RUNNING);
  }

  async #run(check: CheckDefinition, request: JsonObject): Promise<void> {
    const client = this.#options.client();
    const hooks = this.#hooks.get(check);
    const execute: Execute = (command, options) => this.#execute(command, options);
    const result = await runCheck(request, { client: client.attributes, execute, hooks });
    if (result === undefined) return;
    const hooksAfter = result.get('hooks');
    if (isObject(hooksAfter)) this.#hooks.set(check, hooksAfter);
    this.#options.log.publish(client, result, 'run');
  }

  #execute(command: string, wanted: Parameters<Execute>[1]): ReturnType<Execute> {
    const { counters, directory, env, halt, outputLimit } = this.#options;
    if (this.#limited.activeCount >= this.#limited.concurrency) counters.commandsQueued += 1;
    return this.#limited(async () => {
      const stop = this.#stop.signal;
      if (stop.aborted) return undefined;
      return runCommand(command, { directory, env, outputLimit, stop, halt, ...wanted });
    });
  }
}

const STILL_RUNNING =
  'check is still running, its runs are left out: give it a timeout, or a longer interval if it needs the time';
