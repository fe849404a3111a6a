import { without, type ConvertedHandler } from './converted-handler.ts';
import type { Handler, SensuDefinitions } from './definitions.ts';
import { toMailReceiver } from './mail-receiver.ts';
import { toSlackReceiver } from './slack-receiver.ts';

/** The receiver for a handler. One whose program is not known is a receiver without a destination. */
export function toReceiver(
  name: string,
  handler: Handler,
  settings: SensuDefinitions['settings'],
): ConvertedHandler {
  if (runs('handler-mailer.rb', handler)) return toMailReceiver(name, handler, settings);
  if (runs('handler-slack.rb', handler)) return toSlackReceiver(name, handler, settings);
  // The command is not shown: it may hold secrets.
  const what = handler.type === 'pipe' ? 'its command' : `its type "${handler.type}"`;
  return without(name, `${what} has no counterpart here; give receiver "${name}" a destination`);
}

function runs(program: string, { command }: Handler): boolean {
  return command.split(/[\s/]+/).includes(program);
}
