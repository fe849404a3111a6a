/** A mistake of the client, with the status to answer and a sentence that says what to change. */
export class ApiError extends Error {
  override name = 'ApiError' as const;
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
