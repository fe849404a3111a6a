import type { Command } from 'commander';
import type { CommandIo } from './command-io.ts';

/** `quickstart`: the main job on one machine with nothing to configure, until Ctrl-C. */
export function addQuickstartCommand(program: Command, io: CommandIo): void {
  program
    .command('quickstart')
    .description(
      'Show the whole thing working on this machine: checks and their agent, Prometheus, the proxy, Alertmanager.',
    )
    .action(async () => {
      const { runQuickstart } = await import('./run-quickstart.ts');
      await runQuickstart(io);
    });
}
