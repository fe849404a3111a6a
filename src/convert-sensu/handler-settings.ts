import { z } from 'zod';
import { withoutDestination, type ConvertedHandler } from './converted-handler.ts';
import type { SensuDefinitions } from './definitions.ts';

// Sensu's handlers take numbers and flags as strings too.
export const settingText = z.coerce.string().optional();
export const settingFlag = z.stringbool().or(z.boolean()).optional();

interface HandlerSettings<T> {
  /** Of the handler. */
  readonly name: string;
  /** Where in Sensu's settings its own are. */
  readonly key: string;
  readonly schema: z.ZodType<T>;
  readonly settings: SensuDefinitions['settings'];
}

// The key becomes part of a file's name, and of a comment, where a line break would end it.
const KEY = /^[\w.-]+$/;

/** What `write` makes of a handler's settings; a receiver without a destination if they are missing or wrong. */
export function withSettings<T>(
  { name, key, schema, settings }: HandlerSettings<T>,
  write: (settings: T) => ConvertedHandler,
): ConvertedHandler {
  if (!KEY.test(key)) {
    return withoutDestination(
      name,
      'its settings have a name that is more than letters, digits, ".", "_" and "-"',
    );
  }
  const own = settings.get(key);
  if (own === undefined) return withoutDestination(name, `its settings "${key}" are missing`);
  const { data, error } = schema.safeParse(own);
  if (error === undefined) return write(data);
  const wrong = error.issues.map(({ path, message }) => `${key}.${path.join('.')}: ${message}`);
  return withoutDestination(name, `its settings are wrong: ${wrong.join('; ')}`);
}
