import type { Check, Handler } from './definitions.ts';

type Handlers = ReadonlyMap<string, Handler>;

/** The names that Sensu looks for: `handlers`, else `handler`, else the one named default (server/process.rb). */
export function handlerNames({ handlers, handler }: Check): readonly string[] {
  return handlers ?? [handler ?? 'default'];
}

/** The handlers that are no sets which a name leads to; none if it is not defined. */
export function membersOf(name: string, handlers: Handlers, seen: readonly string[] = []): string[] {
  const handler = handlers.get(name);
  if (handler === undefined || seen.includes(name)) return [];
  if (handler.type !== 'set') return [name];
  return handler.handlers.flatMap((member) => membersOf(member, handlers, [...seen, name]));
}
