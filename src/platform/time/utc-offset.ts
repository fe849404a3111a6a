/** Minutes east of Greenwich, where this runs and at that time (milliseconds since the epoch). */
export function localOffset(at: number): number {
  // JavaScript counts westwards.
  return -new Date(at).getTimezoneOffset();
}

/** Minutes east of Greenwich as Ruby's `%z`: `+0900`. */
export function formatOffset(offset: number): string {
  const minutes = Math.abs(offset);
  const parts = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${offset < 0 ? '-' : '+'}${parts.join('')}`;
}
