/** `1 alert`, `2 alerts`. */
export function pluralize(count: number, one: string, many?: string): string {
  return `${count} ${nounFor(count, one, many)}`;
}

/** `alert` for one, `alerts` for any other number. */
export function nounFor(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}
