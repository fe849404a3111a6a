import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { configSchema } from '../../../../src/proxy/config/schema.ts';

interface JsonSchema {
  readonly description?: string;
  readonly default?: string | number | boolean | object;
  readonly items?: JsonSchema;
  readonly properties?: Record<string, JsonSchema>;
  readonly additionalProperties?: JsonSchema | false;
}

interface Key {
  readonly path: string;
  readonly name: string;
  readonly schema: JsonSchema;
}

const jsonSchema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }) as JsonSchema;

function blocksOf(schema: JsonSchema): JsonSchema[] {
  const inner = [schema.items, schema.additionalProperties, ...Object.values(schema.properties ?? {})];
  const blocks = inner.flatMap((one) => (one === undefined || one === false ? [] : blocksOf(one)));
  return schema.properties === undefined ? blocks : [schema, ...blocks];
}

function keysOf(schema: JsonSchema, path = ''): Key[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, value]) => [
    { path: `${path}${name}`, name, schema: value },
    ...keysOf(value, `${path}${name}.`),
  ]);
  const items = schema.items === undefined ? [] : keysOf(schema.items, path);
  const { additionalProperties: named } = schema;
  return [...own, ...items, ...(named === undefined || named === false ? [] : keysOf(named, path))];
}

describe('the JSON schema of the configuration', () => {
  it('is closed: no block takes an unknown key', () => {
    const blocks = blocksOf(jsonSchema);

    expect(blocks.length).toBeGreaterThan(10);
    expect(blocks.filter((block) => block.additionalProperties !== false)).toEqual([]);
  });

  it('carries the defaults in the words of the file', () => {
    const defaults = new Map(keysOf(jsonSchema).map(({ path, schema }) => [path, schema.default]));

    expect(defaults.get('enrichment.deadline')).toBe('2s');
    expect(defaults.get('server.max_body')).toBe('32MB');
    expect(defaults.get('sources.charset')).toEqual(['utf-8']);
  });

  it.each(keysOf(jsonSchema))('describes $path in a sentence', ({ schema }) => {
    expect(schema.description).toMatch(/^\S.*\.$/);
  });
});

describe('docs/configuration.md', () => {
  const reference = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8');

  it.each(keysOf(jsonSchema))('has $path, with its default', ({ name, schema }) => {
    const lines = reference.split('\n').filter((line) => new RegExp(`^[ [-]*${name}:`).test(line));

    expect(lines).not.toEqual([]);
    if (typeof schema.default === 'object' || schema.default === undefined) return;
    expect(lines.join('\n')).toContain(`| default = ${String(schema.default)} ]`);
  });
});
