/** A demo node: its name, and where its agent listens. */
export interface ScrapeTarget {
  readonly client: string;
  /** `127.0.0.1:PORT`. */
  readonly address: string;
}
