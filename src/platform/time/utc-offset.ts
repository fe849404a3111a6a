/** The local time zone's offset at a time (milliseconds since 1970), in minutes east of Greenwich. */
export function localOffset(at: number): number {
  // JavaScript counts westwards.
  return -new Date(at).getTimezoneOffset();
}

/** Formats minutes east of Greenwich as Ruby's `%z` does: `+0900`. */
export function formatOffset(offset: number): string {
  const minutes = Math.abs(offset);
  const parts = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${offset < 0 ? '-' : '+'}${parts.join('')}`;
}
