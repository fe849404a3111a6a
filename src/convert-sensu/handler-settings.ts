import { z } from 'zod';
import { without, type ConvertedHandler } from './converted-handler.ts';
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
    return without(name, 'its settings have a name that is more than letters, digits, ".", "_" and "-"');
  }
  const parsed = schema.safeParse(settings.get(key));
  return parsed.success ? write(parsed.data) : without(name, `the settings "${key}" are missing or wrong`);
}
