import { CommanderError } from 'commander';
import { adviceAbout } from '../errors/database-sentences.ts';
import { AppError, type FactsOf } from '../errors.ts';
import { readTrouble } from '../lib/file-trouble.ts';

export const done = 0;
export const refused = 1;
const wrongUsage = 2;

/** Thrown when a command worked, but found mistakes. Its output lists them, and the exit status is 1. */
export class BadNews extends Error {}

/** Returns the text for standard error and the exit status. Only a bug is shown with its stack. */
export function explain(thrown: unknown): { message: string; status: number } {
  const error = inCatalogue(thrown);
  // Commander has already printed the mistake. It also throws for --help, with exit code 0.
  if (error instanceof CommanderError) return { message: '', status: error.exitCode === 0 ? done : wrongUsage };
  if (error instanceof AppError) {
    return { message: `${sentenceOf(error)}\n`, status: error.kind === 'usage' ? wrongUsage : refused };
  }
  if (error instanceof BadNews) return { message: `${error.message}\n`, status: refused };
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `This is a bug in Ringup: ${bug}\n`, status: refused };
}

/** The command to suggest for each kind of thing that was not found. */
const commandsFor: Readonly<Record<string, string>> = {
  account: '`./ringup account list` shows all accounts',
  space: '`./ringup space list` shows all spaces',
  'api-key': '`./ringup api-key list` shows all API keys',
  'account-on-list': '`./ringup contact-list show` shows who is',
  'external-account': '`./ringup external set` links one',
};

/** Words of the API, and what to type at the command line instead. */
const wordsOfCommands: readonly (readonly [string, string])[] = [
  ['(with_accounts=true)', '(--with-accounts)'],
  ['the others with partial=true', 'the others with --partial'],
  ['the list of its tokens shows their ids', '`./ringup token list` shows their ids'],
  ['the list of its versions shows their ids', '`./ringup linphonerc list` shows their ids'],
  ['the list of its devices shows their ids', '`./ringup device list` shows their ids'],
  ['Send confirm=true to continue', 'Add confirm=true to continue'],
];

/** Joins the mistakes in all fields into one line: `username "Bob" must match …; password is required.` */
function sentenceOf(error: AppError): string {
  const { fields } = error;
  const message = wordsOfCommands.reduce((text, [ofApi, ours]) => text.replace(ofApi, ours), error.message);
  const command = commandsFor[error.factsOf('not-found')?.what ?? ''];
  if (command !== undefined) return message.replace(/\.$/, `: ${command}.`);
  const database = error.factsOf('database-unavailable');
  if (database !== undefined && error.cause instanceof Error) return databaseSentence(message, database, error.cause);
  if (fields === undefined) return message;
  const mistakes = Object.entries(fields).flatMap(([name, messages]) =>
    messages.map((each) => `${name} ${each}`.trim()),
  );
  return `${mistakes.join('; ')}.`;
}

/** Failures that go away by themselves. The message is enough for them, whatever the driver said. */
const passing: ReadonlySet<string> = new Set(['locked', 'conflict', 'too-slow', 'unconfirmed']);

/** Joins what the database said, what to do, and where the location of the database is set. */
function databaseSentence(message: string, facts: FactsOf<'database-unavailable'>, cause: Error): string {
  const { why } = facts;
  if (passing.has(why)) return message;
  const said = cause instanceof AggregateError ? (cause.errors[0]?.message ?? cause.message) : cause.message;
  const advice = adviceAbout(why);
  const which = 'file' in facts && facts.file !== undefined ? `The database ${facts.file}` : 'The database';
  return [`${which} cannot be used: ${said}.`, advice, 'RINGUP_DATABASE_URL or RINGUP_DATA_DIR sets its location.']
    .filter((each) => each !== undefined)
    .join(' ');
}

/** Returns a failure of a file or of the database as an error of the catalogue, and everything else unchanged. */
function inCatalogue(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return inCatalogue(error.errors[0]);
  if (isSystemFailure(error)) {
    return new AppError('path-unusable', { path: String(error.path), why: readTrouble(error) }, { cause: error });
  }
  if (!hasOutsideCode(error)) return error;
  return new AppError('database-unavailable', { why: 'unusable', failure: error.message }, { cause: error });
}

/** Returns whether a file or folder caused the error. Failed connections have no path. */
function isSystemFailure(error: unknown): error is Error & { readonly path: unknown } {
  return hasOutsideCode(error) && 'syscall' in error && 'path' in error;
}

/**
 * Returns whether the error comes from the operating system or the database. These have a code (`EACCES`,
 * `SQLITE_FULL`, `28P01`); bugs do not.
 */
function hasOutsideCode(error: unknown): error is Error {
  return (
    error instanceof Error &&
    !(error instanceof AppError || error instanceof CommanderError) &&
    'code' in error &&
    typeof error.code === 'string' &&
    !error.code.startsWith('ERR_')
  );
}
