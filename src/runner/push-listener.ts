/** A socket at which programs push results. */
export interface PushListener {
  readonly port: number;
  close(): Promise<void>;
}
