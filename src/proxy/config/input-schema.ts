import { z } from 'zod';
import { configSchema } from './schema.ts';

interface JsonSchema {
  [key: string]: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: readonly string[];
}

/**
 * The JSON Schema, draft 7, of a configuration file before its presets are written out and its defaults are filled in: a preset gives
 * a source the keys that it needs.
 */
export function configInputSchema(): unknown {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }) as JsonSchema;
  const source = schema.properties?.['sources']?.items;
  if (source === undefined) return schema;
  source['anyOf'] = [{ required: ['preset'] }, { required: source.required }];
  delete source.required;
  delete source.properties?.['allow']?.required;
  return schema;
}
