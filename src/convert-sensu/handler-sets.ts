import type { Check, Handler } from './definitions.ts';

type Handlers = ReadonlyMap<string, Handler>;

/** The names that Sensu looks for: `handlers`, else `handler`, else the one named default (server/process.rb). */
export function handlerNames({ handlers, handler }: Check): readonly string[] {
  return handlers ?? [handler ?? 'default'];
}

/** The handlers that are no sets which a name leads to; none if it is not defined. */
export function membersOf(name: string, handlers: Handlers): string[] {
  return [...endsOf(name, handlers)].filter((end) => handlers.has(end));
}

/** The handlers that a name leads to and that are not defined: the name itself, or members of sets. */
export function undefinedMembersOf(name: string, handlers: Handlers): string[] {
  return [...endsOf(name, handlers)].filter((end) => !handlers.has(end));
}

/** Whether Sensu told nobody of a check: it has no handlers, or only sets without members. */
export function isUnhandled(names: readonly string[], handlers: Handlers): boolean {
  return names.every((name) => endsOf(name, handlers).size === 0);
}

// Visits each name once, however many sets it is in.
function endsOf(name: string, handlers: Handlers): ReadonlySet<string> {
  const ends = new Set<string>();
  // A set grows while it is walked through.
  const names = new Set([name]);
  for (const next of names) {
    const handler = handlers.get(next);
    if (handler?.type !== 'set') ends.add(next);
    else for (const member of handler.handlers) names.add(member);
  }
  return ends;
}
