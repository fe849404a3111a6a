import type { IncomingMessage } from 'node:http';

/**
 * Whether a proxy in front may read the request differently, which request smuggling lives on. Node's parser refuses most
 * such shapes itself; these it lets pass: a second Host, a Transfer-Encoding that is not just `chunked` or comes with
 * HTTP/1.0, and HTTP/0.9 (RFC 9112, sections 3.2 and 6.1).
 */
export function isAmbiguous({ headers, rawHeaders, httpVersion }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding'];
  const isPlainlyChunked = coding?.toLowerCase() === 'chunked' && httpVersion === '1.1';
  return httpVersion === '0.9' || countHosts(rawHeaders) > 1 || (coding !== undefined && !isPlainlyChunked);
}

// Names and values by turns. `headersDistinct` would say the same, but throws at a header `__proto__` in older versions of Node
// (CVE-2026-21710).
function countHosts(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
}
