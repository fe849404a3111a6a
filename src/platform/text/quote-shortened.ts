const MAX_LENGTH = 100;

/** A text of others to be quoted in a message: one of more than 100 characters is cut, and ends in `…`. */
export function quoteShortened(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  // Half a character would be no text.
  return `${text.slice(0, MAX_LENGTH).replace(/[\ud800-\udbff]$/, '')}…`;
}
