// Writes the schema of the proxy's configuration into the chart's values.schema.json, whose other parts are written by
// hand. Reads what `npm run build` made.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { configSchema } from '../dist/lib/proxy/config/schema.js';

const file = fileURLToPath(new URL('../helm/alertmanager-proxy/values.schema.json', import.meta.url));

const values = JSON.parse(await readFile(file, 'utf8'));
// Of the input: the keys and scalars of the file, before defaults are filled in. Draft 7 is what Helm knows.
values.properties.config = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
// A preset gives a source the keys that it needs.
const source = values.properties.config.properties.sources.items;
const needed = source.required.filter((key) => key !== 'name');
source.required = [];
source.anyOf = [{ required: ['preset'] }, { required: ['name', ...needed] }];
source.properties.allow.required = [];
delete source.properties.allow.anyOf;
const style = await resolveConfig(file);
await writeFile(file, await format(JSON.stringify(values), { ...style, filepath: file }));
