/** How far a log was read: enough to go on there, whatever the file is called by then. */
export interface LogPosition {
  /** What the log was called. */
  readonly path: string;
  /** Names the file. */
  readonly inode: string;
  /** Bytes before the first line that was not read. */
  readonly position: number;
  /** The last bytes before it, in base64: other bytes there tell that the file was cut and written again. */
  readonly anchor: string;
}
