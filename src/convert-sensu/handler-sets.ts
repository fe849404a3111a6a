import type { Check, Handler } from './definitions.ts';

type Handlers = ReadonlyMap<string, Handler>;

/** The names that Sensu looks for: `handlers`, else `handler`, else the one named default (server/process.rb). */
export function handlerNames({ handlers, handler }: Check): readonly string[] {
  return handlers ?? [handler ?? 'default'];
}

/** The handlers that are no sets which a name leads to; none if it is not defined. */
export function membersOf(name: string, handlers: Handlers): string[] {
  return endsOf(name, handlers).filter((end) => handlers.has(end));
}

/** The handlers that a name leads to and that are not defined: the name itself, or members of sets. */
export function undefinedMembersOf(name: string, handlers: Handlers): string[] {
  return endsOf(name, handlers).filter((end) => !handlers.has(end));
}

function endsOf(name: string, handlers: Handlers, seen: readonly string[] = []): string[] {
  if (seen.includes(name)) return [];
  const handler = handlers.get(name);
  if (handler?.type !== 'set') return [name];
  return handler.handlers.flatMap((member) => endsOf(member, handlers, [...seen, name]));
}
