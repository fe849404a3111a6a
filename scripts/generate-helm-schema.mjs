// Writes the schema of the proxy's configuration into the chart's values.schema.json, whose other parts are written by
// hand. Reads what `npm run build` made.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { configInputSchema } from '../dist/lib/proxy/config/input-schema.js';

const file = fileURLToPath(new URL('../helm/alertmanager-proxy/values.schema.json', import.meta.url));

const values = JSON.parse(await readFile(file, 'utf8'));
values.properties.config = configInputSchema();
const style = await resolveConfig(file);
await writeFile(file, await format(JSON.stringify(values), { ...style, filepath: file }));
