import { Counter, type Registry } from 'prom-client';
import type { RunnerCounters } from '../../runner/counters.ts';

const COUNTERS: readonly {
  readonly of: keyof RunnerCounters;
  readonly name: string;
  readonly help: string;
}[] = [
  {
    of: 'linesLost',
    name: 'check_agent_runner_lost_lines_total',
    help: 'Lines, most of them results, that the log did not take.',
  },
  {
    of: 'pushesRefused',
    name: 'check_agent_runner_refused_pushes_total',
    help: 'Pushes to the sockets that held no valid result, or one that the log did not take.',
  },
  {
    of: 'runsSkipped',
    name: 'check_agent_runner_skipped_runs_total',
    help: 'Runs left out because the one before was still under way.',
  },
  {
    of: 'commandsQueued',
    name: 'check_agent_runner_queued_commands_total',
    help: 'Commands that had to wait because as many as are allowed ran already.',
  },
];

/** Shows the counters of the runner in the agent's process, as they are at each scrape. */
export function createRunnerMetrics(registry: Registry, counters: Readonly<RunnerCounters>): void {
  for (const { of, name, help } of COUNTERS) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(counters[of]);
      },
    });
  }
}
