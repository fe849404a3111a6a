import { Command } from 'commander';
import { addAgentCommand } from './agent.ts';
import { addCheckConfigCommand } from './check-config.ts';
import type { CommandIo } from './command-io.ts';
import { addInitCommand } from './init.ts';
import { addExplainCommand } from './explain.ts';
import { addPushgatewayCommand } from './pushgateway.ts';
import { addQuickstartCommand } from './quickstart.ts';
import { addConvertSensuCommand } from './convert-sensu.ts';
import { addReplayCommand } from './replay.ts';
import { addServeCommand } from './serve.ts';
import { addWebCommand } from './web.ts';
import { addRunnerCommand } from './runner.ts';
import { revision, version } from '../platform/file/package-files.ts';

/**
 * The command line: one line per command, each in a file of its own, which imports what the command runs when it is run:
 * an agent on each of 20,000 nodes does not carry the proxy's libraries.
 */
export function createProgram(io: CommandIo): Command {
  const program = new Command('alertmanager-proxy')
    .description('Gives alerts the output of the check scripts behind them.')
    .version(`${version} (revision ${revision}, Node.js ${io.nodeVersion})`, '-v, --version')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .exitOverride();
  addServeCommand(program, io);
  addInitCommand(program, io);
  addAgentCommand(program, io);
  addCheckConfigCommand(program, io);
  addExplainCommand(program, io);
  addConvertSensuCommand(program, io);
  addReplayCommand(program, io);
  addQuickstartCommand(program, io);
  addRunnerCommand(program, io);
  addPushgatewayCommand(program, io);
  addWebCommand(program, io);
  // The help is longer than a screen and would push the error out of view.
  program.showHelpAfterError('see "alertmanager-proxy --help"');
  for (const command of program.commands)
    command.showHelpAfterError(`see "alertmanager-proxy ${command.name()} --help"`);
  return program;
}
