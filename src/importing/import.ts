import type { StoredFailure } from '../errors/import-complaints.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import type { Space } from '../spaces/space.ts';
import type { AssignedColumns, ColumnKind } from './column-names.ts';
import type { TableFormat } from './open-table.ts';
import type { RowComplaint } from './read-row.ts';

export const duplicateModes = ['refuse', 'skip', 'update'] as const;
export type DuplicateMode = (typeof duplicateModes)[number];
export const defaultDuplicateMode: DuplicateMode = 'refuse';

export interface ImportOptions {
  /** What happens to rows whose account exists and differs. */
  readonly onDuplicate: DuplicateMode;
  /** Whether good rows are written even if others are refused. */
  readonly partial: boolean;
  /** Whether rows may create and remove administrators. */
  readonly allowAdmin: boolean;
  /** Whether to check only, without writing anything. */
  readonly dryRun: boolean;
  /** Whether new accounts receive their code by mail. */
  readonly invite: boolean;
  /** Whether each new account gets a code, by default true. If false, only accounts that receive a mail get one. */
  readonly codes?: boolean;
  /** The country of numbers without a country code; null refuses them. By default, the country of the space. */
  readonly phoneCountry?: string | null;
  /** The meanings that a person gave to columns. */
  readonly columns?: AssignedColumns;
}

/** The format of the file, and what is known about its columns. */
export interface ImportFormat extends TableFormat {
  /** The meaning of each column; set once the rows are checked. */
  readonly kinds?: readonly (ColumnKind | null)[];
  /** The line of the header if it contains no known column name, because it may then be a row. */
  readonly unknownLine?: number;
}

export const importStates = ['checking', 'checked', 'refused', 'running', 'done', 'discarded'] as const;
export type ImportState = (typeof importStates)[number];

/** What happens to a row. */
export type DecisionKind = 'create' | 'update' | 'unchanged' | 'skipped' | 'refused';

/** A table of accounts that was submitted. */
export interface Import {
  readonly id: number;
  readonly spaceId: number;
  readonly name: string;
  /** Who submitted the table. */
  readonly actor: Actor;
  readonly state: ImportState;
  readonly options: ImportOptions;
  readonly format: ImportFormat;
  readonly header: readonly string[];
  readonly ignored: readonly string[];
  readonly rows: number;
  readonly counts: Readonly<Record<DecisionKind, number>>;
  readonly written: number;
  /** Why the import stopped, until it is checked again or discarded. */
  readonly failure: StoredFailure | undefined;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly erasedAt: number | null;
  /** When the worker that has the import began to write it. Is not stored. */
  readonly writingSince?: number;
}

/** A row of an import. Its cells are empty once it is written. */
export interface ImportRow {
  readonly position: number;
  readonly line: number;
  readonly cells: readonly string[];
  readonly fields: CheckedFields | undefined;
  readonly decision: DecisionKind | undefined;
  readonly complaints: readonly RowComplaint[];
  readonly changes: readonly string[];
  readonly accountId: number | null;
  readonly writtenAt: number | null;
}

/** A row's values in the form in which they are stored. */
export interface CheckedFields {
  readonly username: string | undefined;
  /** The user name as it is in the file. */
  readonly spelled?: string | undefined;
  /** The text that the user name of a new account is derived from, if the row has no user name. */
  readonly derivedFrom: string | undefined;
  /** The derived name that was free when the row was checked. */
  readonly proposed?: string | undefined;
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly language?: 'en' | 'fr';
  readonly note?: string;
  readonly group?: string;
  readonly password?: string;
  readonly algorithm?: 'SHA-256' | 'MD5';
  readonly ha1_md5?: string;
  readonly ha1_sha256?: string;
  readonly admin?: boolean;
  readonly activated?: boolean;
  readonly external_username?: string;
  readonly external_domain?: string;
  readonly external_password?: string;
  readonly external_registrar?: string;
}

/**
 * Groups of accounts that an import created: all, those that no mail was sent to yet, and those without an address or a
 * code.
 */
export type CreatedGroup = 'all' | 'to-invite' | 'without-mail' | 'without-code';

export type CountedGroups = Readonly<Record<CreatedGroup, number>>;

/**
 * A portion of the accounts that an import created. Those that have a phone by now, are blocked or are deleted still
 * count, so that a portion is always for the same accounts.
 */
export interface CreatedPortion {
  /** The position of its first row. */
  readonly first: number;
  /** The numbers of its first and last account among all that the import created. */
  readonly from: number;
  readonly to: number;
  /** How many accounts of a group it has. */
  readonly accounts: number;
}

/** Returns the country in which an import's numbers without a country code are dialled. */
export function phoneCountryOf(
  { options }: Pick<Import, 'options'>,
  space: Pick<Space, 'phoneCountry'>,
): string | null {
  return options.phoneCountry === undefined ? space.phoneCountry : options.phoneCountry;
}

/** Returns whether reading rows failed because they were stored with another secret. */
export function isOfOtherSecret(error: unknown): boolean {
  return error instanceof AppError && error.factsOf('conflict')?.why === 'import-of-other-secret';
}

/** Returns the failure of an import whose actor no longer manages the space. */
export function importWithoutRights({ name }: Actor): AppError {
  return new AppError('conflict', { why: 'import-without-rights', name: name ?? '' });
}

/** Returns the failure of an import that wrote nothing because of its rows. */
export function importRowsRefused({ counts, rows }: Pick<Import, 'counts' | 'rows'>): AppError {
  return new AppError('import-rows-refused', { refused: counts.refused, rows });
}

/** Returns whether an import failed because its actor no longer manages the space. */
export function isWithoutRights(error: AppError): boolean {
  return error.factsOf('conflict')?.why === 'import-without-rights';
}

/** Returns whether work that failed may succeed if it is repeated: with the database back, or with the right secret. */
export function isWorthRepeating(error: unknown): boolean {
  return error instanceof AppError && (error.kind === 'unavailable' || isOfOtherSecret(error));
}

/** Returns the failure to store with an import that stopped. Details of a bug are only in the log. */
export function failureOf(error: unknown): StoredFailure {
  const { code, facts } = error instanceof AppError ? error : new AppError('conflict', { why: 'import-failed' });
  return { code, facts };
}

export function importNotFound(id: string): AppError {
  return new AppError('not-found', { what: 'import-job', name: id });
}

/** Returns whether some rows of an import are written, and people can still correct, write or discard the others. */
export function isPartlyWritten({ state, written }: Pick<Import, 'state' | 'written'>): boolean {
  return written > 0 && (state === 'checked' || state === 'refused');
}

/**
 * Returns whether an import has only written rows. It is done, and no refused row is left to correct. So if there are
 * other rows nevertheless, they were discarded and are about to be deleted.
 */
export function hasOnlyWritten({ state, counts }: Pick<Import, 'state' | 'counts'>): boolean {
  return state === 'done' && counts.refused === 0;
}

/** Counts the rows that are in. The others were refused while they were written. */
export function countWritten(rows: readonly { readonly row: ImportRow }[]): number {
  return rows.filter(({ row }) => row.writtenAt !== null).length;
}
