import { type ErrorEntry, type ErrorKind, errorCatalogue, type FieldErrors } from './errors/catalogue.ts';

export type ErrorCode = keyof typeof errorCatalogue;

/** What a code is thrown with. */
export type FactsOf<C extends ErrorCode> =
  Parameters<(typeof errorCatalogue)[C]['message']> extends [infer Facts] ? Facts : Readonly<Record<string, never>>;

interface Options {
  readonly cause?: unknown;
}

type Failure = { [C in ErrorCode]: [code: C, facts: FactsOf<C>, options?: Options] }[ErrorCode];

/**
 * A failure that a caller may see: a stable code, and the facts that its sentence is made of. The facts are logged, so no secret
 * is one. Anything else thrown is a bug.
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

  /** The fields of the request that are at fault, where it is about any. */
  get fields(): FieldErrors | undefined {
    const { fields }: ErrorEntry = errorCatalogue[this.code];
    return fields?.(this.facts);
  }

  /** The facts if it has that code. */
  factsOf<C extends ErrorCode>(code: C): FactsOf<C> | undefined {
    return this.code === code ? (this.facts as FactsOf<C>) : undefined;
  }
}

/** The refusal of one or more fields, with a message that repeats the first of them. */
export function invalidFields(fields: FieldErrors): AppError {
  return new AppError('fields-invalid', { fields });
}
