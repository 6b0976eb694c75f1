/** What may be told beside the message of a `TrothError`. */
export interface ErrorDetail {
  /** One line that says what to do about it. */
  hint?: string;
  /** The file that the error speaks of, with its line, when there is one. */
  file?: string;
  line?: number;
  cause?: unknown;
}

/**
 * The one error that this house throws on purpose. `code` is stable and meant for programs; `message` says what was expected
 * and what came, `hint` what to do. Neither ever holds personal data, so both may be logged and shown.
 */
export class TrothError extends Error {
  override readonly name = 'TrothError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.hint = detail.hint;
    this.file = detail.file;
    this.line = detail.line;
  }
}

/** Is this an error of ours with that code? Without a code: is it an error of ours at all? */
export function isTrothError(error: unknown, code?: string): error is TrothError {
  return error instanceof TrothError && (code === undefined || error.code === code);
}

/**
 * The code of any error, for logs: ours, a system error's (`ENOENT`), a PostgreSQL SQLSTATE (`23505`), else the class name.
 * Never its message, since messages of others may quote what a person typed.
 */
export function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.constructor.name : typeof error;
}

/**
 * The lines to show a person at a terminal: `error: ...` and, where there is one, `hint: ...`. A fault that is not ours shows
 * its code only, and never a stack.
 */
export function errorLines(error: unknown): string[] {
  if (!isTrothError(error)) return [`error: something unforeseen failed (${errorCode(error)})`];
  const place = error.file === undefined ? '' : `${error.file}${error.line === undefined ? '' : `:${error.line}`}: `;
  const lines = [`error: ${place}${error.message}`];
  if (error.hint !== undefined) lines.push(`hint: ${error.hint}`);
  return lines;
}
