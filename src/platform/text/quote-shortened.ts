const MAX_LENGTH = 100;

/** Shortens a foreign text for a message: after 100 characters it ends in `…`. */
export function quoteShortened(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  // Half a surrogate pair is not valid text.
  return `${text.slice(0, MAX_LENGTH).replace(/[\ud800-\udbff]$/, '')}…`;
}
