import { isIP } from 'node:net';
import type { ExpandedContent } from '../../platform/config/load-file.ts';
import { PRESETS, type Preset, type Settings } from './presets.ts';

interface ExpandedSource {
  readonly source: unknown;
  /** Which entry of the file it comes from. */
  readonly index: number;
}

/**
 * Writes out the sources that name a preset: its keys where the file has none. `preset: agent` stands for two sources, unless it has a
 * URL of its own. Takes the content with all its mistakes; what is said about a source is about the entry that it comes from.
 */
export function expandPresets(content: unknown): ExpandedContent {
  if (!isBlock(content) || !Array.isArray(content['sources'])) return { content, originOf: (path) => path };
  const entries: readonly unknown[] = content['sources'];
  const expanded = entries.flatMap((entry, index): ExpandedSource[] =>
    sourcesOf(entry).map((source) => ({ source, index })),
  );
  return {
    content: { ...content, sources: expanded.map(({ source }) => source) },
    originOf: (path) => {
      const [first, index, ...rest] = path;
      if (first !== 'sources' || typeof index !== 'number') return path;
      return [first, expanded[index]?.index ?? index, ...rest];
    },
  };
}

function sourcesOf(entry: unknown): readonly unknown[] {
  if (!isBlock(entry) || typeof entry['preset'] !== 'string') return [entry];
  const { preset, ...own } = entry;
  const presets: readonly Preset[] | undefined = Object.hasOwn(PRESETS, entry['preset'])
    ? PRESETS[preset as keyof typeof PRESETS]
    : undefined;
  if (presets === undefined) return [entry];
  // A name, matchers or a whole URL of its own make it one source: the most general one.
  const isOne = ['name', 'matchers', 'batch'].some((key) => key in own) || isWhole(own['url']);
  return (isOne ? presets.slice(-1) : presets).map((one) => written(own, one));
}

function written(own: Settings, preset: Preset): Settings {
  const start = typeof own['url'] === 'string' ? own['url'].replace(/\/+$/, '') : preset.base;
  const isBase = start !== undefined && !isWhole(start);
  const blocks = Object.entries({ ...(isBase && allowOf(start)), ...preset.blocks });
  const merged = blocks
    .filter(([key]) => own[key] === undefined || isBlock(own[key]))
    .map(([key, block]): [string, Settings] => [key, { ...block, ...(own[key] as Settings | undefined) }]);
  return {
    ...preset.settings,
    ...(isBase && batchOf(start, preset)),
    ...own,
    ...(isBase && { url: `${start}${preset.path}` }),
    ...Object.fromEntries(merged),
  };
}

function batchOf(start: string, { batch }: Preset): Settings {
  if (batch === undefined) return {};
  const { path, ...settings } = batch;
  return { batch: { ...settings, url: `${start}${path}` } };
}

// A fixed host is the one that may be connected to.
function allowOf(base: string | undefined): Readonly<Record<string, Settings>> {
  if (base === undefined || base.includes('{') || !URL.canParse(base)) return {};
  const { hostname, port, protocol } = new URL(base);
  const host = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  const ports = [Number(port) || (protocol === 'https:' ? 443 : 80)];
  return {
    allow:
      version === 0 ? { ports, hosts: [host] } : { ports, cidrs: [`${host}/${version === 4 ? 32 : 128}`] },
  };
}

// With a label in its path it is the URL; without, what the preset's path follows.
function isWhole(url: unknown): boolean {
  return typeof url === 'string' && /^[^/]*\/\/[^/?]*[/?].*\{/.test(url);
}

function isBlock(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
