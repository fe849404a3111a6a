import { withoutDestination, type ConvertedHandler } from './converted-handler.ts';
import type { Handler, SensuDefinitions } from './definitions.ts';
import { parseHandlerCommand } from './handler-command.ts';
import { MAIL_OPTIONS, MAIL_PROGRAMS, toMailReceiver } from './mail-receiver.ts';
import { SLACK_OPTIONS, SLACK_PROGRAMS, toSlackReceiver } from './slack-receiver.ts';

/** The receiver for a handler. One whose program is not known is a receiver without a destination. */
export function toReceiver(
  name: string,
  handler: Handler,
  settings: SensuDefinitions['settings'],
): ConvertedHandler {
  const mailer = parseHandlerCommand(handler.command, MAIL_PROGRAMS, MAIL_OPTIONS);
  if (mailer !== undefined) return toMailReceiver(name, mailer, settings);
  const slack = parseHandlerCommand(handler.command, SLACK_PROGRAMS, SLACK_OPTIONS);
  if (slack !== undefined) return toSlackReceiver(name, slack, settings);
  // The command is not shown: it may hold secrets.
  const what = handler.type === 'pipe' ? 'its command' : `its type "${handler.type}"`;
  return withoutDestination(name, `${what} has no counterpart here; give its receiver a destination`);
}
