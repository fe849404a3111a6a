import { readFile } from 'node:fs/promises';

/** The names to ask DNS for, in order, where somebody wrote this one. */
export type SearchList = (name: string) => Promise<readonly string[]>;

const RESOLV_CONF = '/etc/resolv.conf';

/**
 * The search list of the system, as Prometheus' dns_sd_configs use it (miekg/dns ClientConfig.NameList): a name that ends in a dot
 * stands for itself, and one with fewer dots than `ndots` is looked for under the search domains first. Read again for each question, for it
 * may change.
 */
export function createSearchList(file = RESOLV_CONF): SearchList {
  return async function namesFor(name) {
    if (name.endsWith('.')) return [name];
    const { domains, ndots } = parse(await readFile(file, 'utf8').catch(() => ''));
    const suffixed = domains.map((domain) => `${name}.${domain}`);
    return name.split('.').length > ndots ? [name, ...suffixed] : [...suffixed, name];
  };
}

// The last `search` or `domain` counts, as in resolv.conf(5).
function parse(text: string): { readonly domains: readonly string[]; readonly ndots: number } {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const search = lines.findLast(([word]) => word === 'search' || word === 'domain')?.slice(1) ?? [];
  const options = lines.filter(([word]) => word === 'options').flat();
  const ndots = Number(
    options.findLast((option) => option.startsWith('ndots:'))?.slice('ndots:'.length) ?? 1,
  );
  const domains = search.map((domain) => domain.replace(/^\.|\.$/g, '')).filter((domain) => domain !== '');
  return { domains, ndots: Math.min(Math.max(Number.isNaN(ndots) ? 1 : ndots, 0), 15) };
}
