import type { DatabaseTrouble } from '../errors/database-sentences.ts';
import { AppError } from '../errors.ts';
import { codeOf } from '../lib/code-of.ts';

/**
 * The beginnings of codes of SQLite, the operating system and PostgreSQL
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html). The first match counts.
 */
const troubles: readonly (readonly [code: RegExp, trouble: DatabaseTrouble])[] = [
  [/^(SQLITE_BUSY|SQLITE_LOCKED|SQLITE_PROTOCOL|55P03)/, 'locked'],
  [/^(SQLITE_FULL|53100|ENOSPC|EDQUOT)/, 'full'],
  [/^(SQLITE_READONLY|SQLITE_PERM|25006)/, 'read-only'],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB|XX001|XX002)/, 'damaged'],
  [/^(40001|40P01)/, 'conflict'],
  [/^57014/, 'too-slow'],
  // 55000: the database allows no connections.
  [/^(28...|42501|55000)$/, 'refused'],
  [/^(3D000|3F000|42P01)$/, 'missing'],
  [/^(42P05|26000)$/, 'pooler'],
  [/^(ERR_TLS_CERT|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_)/, 'certificate'],
  [/^(ERR_SSL_|EPROTO)/, 'no-encryption'],
  [/^53300/, 'crowded'],
  [/^(08|53|57P|58|25P03|25P04|XX)/, 'no-answer'],
  [/^(SQLITE_IOERR|SQLITE_CANTOPEN)/, 'disk-failing'],
  [/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOST|ENET)/, 'no-answer'],
];

/** Messages of drivers and poolers without a code. */
const sayings: readonly (readonly [saying: RegExp, trouble: DatabaseTrouble])[] = [
  [/in statement pooling mode/, 'pooler'],
  [/does not support SSL|error establishing an SSL connection/, 'no-encryption'],
  [/timeout exceeded when trying to connect|Connection terminated|is not queryable/, 'no-answer'],
  [/^no such table/, 'missing'],
];

/**
 * Converts a failure of the database to the one that callers see. Returns all other errors unchanged. `file` is the
 * SQLite file.
 */
export function asDatabaseFailure(error: unknown, file?: string): unknown {
  const why = troubleOf(error);
  if (why === undefined) return error;
  return new AppError('database-unavailable', file === undefined ? { why } : { why, file }, { cause: error });
}

/** Converts the failure of a commit. If the server's answer did not arrive, the commit may have succeeded. */
export function asCommitFailure(error: unknown): unknown {
  const failure = asDatabaseFailure(error);
  const why = failure instanceof AppError ? failure.factsOf('database-unavailable')?.why : undefined;
  return why === 'no-answer' ? new AppError('database-unavailable', { why: 'unconfirmed' }, { cause: error }) : failure;
}

/** Returns whether the server rolled a transaction back in favour of another. */
export function isConflict(error: unknown): boolean {
  return error instanceof AppError && error.factsOf('database-unavailable')?.why === 'conflict';
}

/** Returns whether it is unknown if a change was made. */
export function isUnconfirmed(error: unknown): boolean {
  return error instanceof AppError && error.factsOf('database-unavailable')?.why === 'unconfirmed';
}

function troubleOf(error: unknown): DatabaseTrouble | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0]);
  const code = codeOf(error);
  const known =
    sayings.find(([saying]) => saying.test(error.message)) ?? troubles.find(([pattern]) => pattern.test(code));
  return known?.[1];
}
