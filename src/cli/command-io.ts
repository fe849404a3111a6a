/** What a command may touch of the process: main.ts makes it, tests make their own. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first SIGTERM or SIGINT: finish what is under way, then return. */
  readonly stop: AbortSignal;
  /** Calls the listener at each such signal, until the returned function is called. */
  onSignal(signal: 'SIGHUP' | 'SIGUSR2', listener: () => void): () => void;
  /** What the process will end with; 0 unless set. */
  setExitCode(code: number): void;
}
