/** An answer in which the fake GitHub refuses: status, body and headers as GitHub gives them. */
export interface ValidationProblem {
  readonly resource: string;
  readonly field: string;
  readonly code: 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom' | 'missing';
  readonly message?: string;
}

export class ServiceError extends Error {
  readonly status: number;
  readonly errors: readonly ValidationProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { errors?: readonly ValidationProblem[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}
