const FACTORS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/**
 * Parses a Prometheus size such as `4KB` into bytes; undefined if the text is not a size.
 * As in Prometheus (alecthomas/units Base2Bytes), `KB` and `KiB` both mean 1024 bytes.
 */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+)(B|[KMG]i?B)$/.exec(text);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  const factor = FACTORS[unit];
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** Writes bytes in the largest unit that divides them. */
export function formatByteSize(bytes: number): string {
  for (const unit of ['GB', 'MB', 'KB'] as const) {
    const factor = FACTORS[unit];
    if (factor !== undefined && bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return `${bytes}B`;
}
