import { type ErrorEntry, type ErrorKind, errorCatalogue, type FieldErrors } from './errors/catalogue.ts';
import type { FieldComplaints } from './errors/complaints.ts';
import type { StoredFailure } from './errors/import-complaints.ts';

export type ErrorCode = keyof typeof errorCatalogue;

/** The facts with which a code is thrown. */
export type FactsOf<C extends ErrorCode> =
  Parameters<(typeof errorCatalogue)[C]['message']> extends [infer Facts] ? Facts : Readonly<Record<string, never>>;

interface Options {
  readonly cause?: unknown;
}

type Failure = { [C in ErrorCode]: [code: C, facts: FactsOf<C>, options?: Options] }[ErrorCode];

/**
 * A failure that a caller may see: a stable code, and the facts for its sentence. Facts are logged, so they must not be
 * secret. Every other error is a bug.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly facts: object;

  constructor(...[code, facts, { cause } = {}]: Failure) {
    const { message }: ErrorEntry = errorCatalogue[code];
    super(message(facts), cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.facts = facts;
  }

  get kind(): ErrorKind {
    return errorCatalogue[this.code].kind;
  }

  /** The complaints about the request's fields in English, if the failure has any. */
  get fields(): FieldErrors | undefined {
    const { fields }: ErrorEntry = errorCatalogue[this.code];
    return fields?.(this.facts);
  }

  /** Returns the facts if the failure has this code. */
  factsOf<C extends ErrorCode>(code: C): FactsOf<C> | undefined {
    return this.code === code ? (this.facts as FactsOf<C>) : undefined;
  }
}

/** Returns a failure that was stored as code and facts. */
export function storedError({ code, facts }: StoredFailure): AppError {
  return new AppError(...([code, facts] as Failure));
}

/** Returns the failure for one or more invalid fields. Its message names the first. */
export function invalidFields(fields: FieldComplaints): AppError {
  return new AppError('fields-invalid', { fields });
}

/** Runs a check. Returns the complaints about fields that it throws, and rethrows any other error. */
export async function complaintsOf(check: () => unknown): Promise<FieldComplaints> {
  try {
    await check();
    return {};
  } catch (error) {
    const invalid = error instanceof AppError ? error.factsOf('fields-invalid') : undefined;
    if (invalid === undefined) throw error;
    return invalid.fields;
  }
}
