import type { IncomingMessage } from 'node:http';

/**
 * Whether a request that changes something may come from another site, as Go 1.25's CrossOriginProtection judges: by Sec-Fetch-Site, else by
 * Origin; without either only programs, which send JSON. Over plain HTTP browsers send no Sec-Fetch-Site.
 */
export function isCrossSite({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  if (origin !== undefined) return !URL.canParse(origin) || new URL(origin).host !== headers.host;
  return !/^application\/json\b/i.test(headers['content-type'] ?? '');
}
