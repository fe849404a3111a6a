/** Kinds of error, as Prometheus' `errorType`. */
export type ProblemType = 'bad_data' | 'not_found' | 'forbidden' | 'conflict' | 'unavailable' | 'internal';

/** A request that cannot be done; the message is a sentence for the person who sent it. */
export class ApiProblem extends Error {
  override name = 'ApiProblem' as const;
  readonly status: number;
  readonly type: ProblemType;

  constructor(status: number, type: ProblemType, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}
