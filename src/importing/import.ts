import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import type { Space } from '../spaces/space.ts';
import type { AssignedColumns, ColumnKind } from './column-names.ts';
import type { TableFormat } from './open-table.ts';
import type { RowComplaint } from './read-row.ts';

export const duplicateModes = ['refuse', 'skip', 'update'] as const;
export type DuplicateMode = (typeof duplicateModes)[number];

export interface ImportOptions {
  /** What happens to rows whose account is there already and says something else. */
  readonly onDuplicate: DuplicateMode;
  /** Whether good rows are written although others are refused. */
  readonly partial: boolean;
  /** Whether rows may make and unmake administrators. */
  readonly allowAdmin: boolean;
  /** Whether nothing is written for now. */
  readonly dryRun: boolean;
  /** Whether new accounts get their code by mail. */
  readonly invite: boolean;
  /** Whether each new account gets a code, by default yes. Otherwise, only those do that get a mail. */
  readonly codes?: boolean;
  /** Where numbers without a country code are dialled; null if none may be without. By default as the space says. */
  readonly phoneCountry?: string | null;
  /** What a person said that columns mean. */
  readonly columns?: AssignedColumns;
}

/** How the file is written, and what was found out about its columns. */
export interface ImportFormat extends TableFormat {
  /** What each column means, once the rows were checked. */
  readonly kinds?: readonly (ColumnKind | null)[];
  /** Where the first line stands, if it names no column that we know: it may be a row. */
  readonly unknownLine?: number;
}

export const importStates = ['checking', 'checked', 'refused', 'running', 'done', 'discarded'] as const;
export type ImportState = (typeof importStates)[number];

/** What happens to a row. */
export type DecisionKind = 'create' | 'update' | 'unchanged' | 'skipped' | 'refused';

/** A table of accounts that was handed in. */
export interface Import {
  readonly id: number;
  readonly spaceId: number;
  readonly name: string;
  /** Who handed it in. */
  readonly actor: Actor;
  readonly state: ImportState;
  readonly options: ImportOptions;
  readonly format: ImportFormat;
  readonly header: readonly string[];
  readonly ignored: readonly string[];
  readonly rows: number;
  readonly counts: Readonly<Record<DecisionKind, number>>;
  readonly written: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly erasedAt: number | null;
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
  /** The user name as it stands in the file. */
  readonly spelled?: string | undefined;
  /** The user name that a new account gets if the row names none. */
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

/** Accounts that an import made: all, those that no mail has been sent to yet, those without an address or a code. */
export type CreatedGroup = 'all' | 'to-invite' | 'without-mail' | 'without-code';

export type CountedGroups = Readonly<Record<CreatedGroup, number>>;

/** Returns where the numbers of an import are dialled that have no country code. */
export function phoneCountryOf(
  { options }: Pick<Import, 'options'>,
  space: Pick<Space, 'phoneCountry'>,
): string | null {
  return options.phoneCountry === undefined ? space.phoneCountry : options.phoneCountry;
}

/** Whether rows could not be read because another process stored them under another secret. */
export function isOfOtherSecret(error: unknown): boolean {
  return error instanceof AppError && error.factsOf('conflict')?.why === 'import-of-other-secret';
}

export function importNotFound(id: string): AppError {
  return new AppError('not-found', { what: 'import-job', name: id });
}
