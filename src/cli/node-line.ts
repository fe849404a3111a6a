/** A line of Node.js that this program runs on: its oldest version without holes that matter here, and its end of life. */
interface NodeLine {
  readonly oldest: string;
  /** From this day on it gets no more security fixes (nodejs/Release, schedule.json). */
  readonly endOfLife: string;
}

/** By major version. The oldest ones are those of `engines` in package.json. */
export const NODE_LINES: ReadonlyMap<number, NodeLine> = new Map([
  [20, { oldest: '20.20.2', endOfLife: '2026-04-30' }],
  [22, { oldest: '22.23.2', endOfLife: '2027-04-30' }],
  [24, { oldest: '24.18.1', endOfLife: '2028-04-30' }],
]);

const NEWEST_LINE = Math.max(...NODE_LINES.keys());
const ADVICE = `use Node.js ${NEWEST_LINE} or newer`;

/**
 * Finds what is wrong with a version of Node.js: a sentence, or undefined.
 * @param version such as `24.18.1`
 * @param now milliseconds since 1970
 */
export function problemOfNode(version: string, now: number): string | undefined {
  const [major = 0] = partsOf(version);
  const line = NODE_LINES.get(major);
  if (line === undefined) {
    return major > NEWEST_LINE ? undefined : `Node.js ${major} gets no security fixes: ${ADVICE}`;
  }
  if (now >= Date.parse(line.endOfLife))
    return `Node.js ${major} gets no security fixes since ${line.endOfLife}: ${ADVICE}`;
  return isOlder(version, line.oldest)
    ? `Node.js ${version} has known security holes: use ${line.oldest} or newer`
    : undefined;
}

function isOlder(version: string, than: string): boolean {
  const parts = partsOf(version);
  const others = partsOf(than);
  const difference = parts.map((part, index) => part - (others[index] ?? 0)).find((one) => one !== 0);
  return difference !== undefined && difference < 0;
}

function partsOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}
