import { readDescriptorLimit } from '../file/descriptor-limit.ts';

/** Each idle one costs some 13 KB: these are 130 MB. */
const MOST = 10_000;
/** For files, and for the connections that the program makes itself. */
const RESERVED = 64;
const LEAST_SHARE = 0.25;

/**
 * How many connections a listener can have, so that descriptors are left for the rest of the program.
 * @param reserved descriptors that the program may need for other things than listening
 */
export async function affordableConnections(
  reserved = RESERVED,
  readLimit: () => Promise<number | undefined> = readDescriptorLimit,
): Promise<number> {
  const descriptors = (await readLimit()) ?? Infinity;
  return Math.min(MOST, Math.max(descriptors - reserved, Math.ceil(descriptors * LEAST_SHARE)));
}
