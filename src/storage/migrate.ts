import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type MigrationResultSet, Migrator } from 'kysely/migration';
import { AppError } from '../errors.ts';
import { isDatabase } from './database.ts';
import { type DialectName, dialectOfDb } from './dialect.ts';
import * as firstTables from './migrations/0001-first-tables.ts';
import * as devices from './migrations/0002-devices.ts';
import * as fetchedDocuments from './migrations/0003-fetched-documents.ts';
import * as tokenIssuers from './migrations/0004-token-issuers.ts';
import * as events from './migrations/0005-events.ts';
import * as turn from './migrations/0006-turn.ts';
import * as actors from './migrations/0007-actors.ts';
import * as mergedEvents from './migrations/0008-merged-events.ts';
import * as retryWindow from './migrations/0009-retry-window.ts';
import * as deviceCredentials from './migrations/0010-device-credentials.ts';
import * as credentialPlaces from './migrations/0011-credential-places.ts';
import * as authUsername from './migrations/0012-auth-username.ts';
import * as whereNodesAre from './migrations/0013-where-nodes-are.ts';
import * as textsAndCountries from './migrations/0014-texts-and-countries.ts';
import * as claimIds from './migrations/0015-claim-ids.ts';
import * as shownCodes from './migrations/0016-shown-codes.ts';
import * as sessions from './migrations/0017-sessions.ts';
import * as notesAndGroups from './migrations/0018-notes-and-groups.ts';
import * as accountStates from './migrations/0019-account-states.ts';
import * as accountSearch from './migrations/0020-account-search.ts';
import * as spaceMail from './migrations/0021-space-mail.ts';
import * as instance from './migrations/0022-instance.ts';
import * as selfService from './migrations/0023-self-service.ts';
import * as imports from './migrations/0024-imports.ts';
import * as mails from './migrations/0025-mails.ts';
import * as logos from './migrations/0026-logos.ts';
import * as directories from './migrations/0027-directories.ts';
import * as linphonercVersions from './migrations/0028-linphonerc-versions.ts';
import * as revokedDevices from './migrations/0029-revoked-devices.ts';
import * as invitations from './migrations/0030-invitations.ts';
import * as countsInPlace from './migrations/0031-counts-in-place.ts';
import * as registrarAnswers from './migrations/0032-registrar-answers.ts';
import * as mailAnswers from './migrations/0033-mail-answers.ts';
import type { Db } from './tables.ts';

interface NumberedMigration {
  up(db: Kysely<unknown>, dialect: DialectName): Promise<void>;
}

/** In the order in which they are applied. Append only. */
const migrations: Readonly<Record<string, NumberedMigration>> = {
  '0001-first-tables': firstTables,
  '0002-devices': devices,
  '0003-fetched-documents': fetchedDocuments,
  '0004-token-issuers': tokenIssuers,
  '0005-events': events,
  '0006-turn': turn,
  '0007-actors': actors,
  '0008-merged-events': mergedEvents,
  '0009-retry-window': retryWindow,
  '0010-device-credentials': deviceCredentials,
  '0011-credential-places': credentialPlaces,
  '0012-auth-username': authUsername,
  '0013-where-nodes-are': whereNodesAre,
  '0014-texts-and-countries': textsAndCountries,
  '0015-claim-ids': claimIds,
  '0016-shown-codes': shownCodes,
  '0017-sessions': sessions,
  '0018-notes-and-groups': notesAndGroups,
  '0019-account-states': accountStates,
  '0020-account-search': accountSearch,
  '0021-space-mail': spaceMail,
  '0022-instance': instance,
  '0023-self-service': selfService,
  '0024-imports': imports,
  '0025-mails': mails,
  '0026-logos': logos,
  '0027-directories': directories,
  '0028-linphonerc-versions': linphonercVersions,
  '0029-revoked-devices': revokedDevices,
  '0030-invitations': invitations,
  '0031-counts-in-place': countsInPlace,
  '0032-registrar-answers': registrarAnswers,
  '0033-mail-answers': mailAnswers,
};

export const allMigrations: readonly string[] = Object.keys(migrations);

export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Applies all pending migrations and returns their names. Two processes may call it at the same time: one waits for the
 * other.
 */
export async function migrate(db: Db): Promise<readonly string[]> {
  await requireNotNewer(db);
  const work = () => migrateWithRetry(db);
  const { error, results } = await (isDatabase(db) ? db.withoutTimeLimit(work) : work());
  if (error !== undefined) throw error;
  return (results ?? []).map((each) => each.migrationName);
}

/** Returns which migrations are applied and which are pending, without changing anything. */
export async function migrationStatus(db: Db): Promise<MigrationStatus> {
  const known = await migrator(db).getMigrations();
  const names = (applied: boolean) =>
    known.filter((each) => (each.executedAt !== undefined) === applied).map((each) => each.name);
  return { applied: names(true), pending: names(false) };
}

/** Throws if a later version of this program has migrated the database. */
export async function requireNotNewer(db: Db): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const places = tables.filter(({ name }) => name === DEFAULT_MIGRATION_TABLE);
  if (places.length === 0) return;
  await requireInSearchPath(
    db,
    places.flatMap(({ schema }) => schema ?? []),
  );
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  const unknown = rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) throw new AppError('database-newer', { unknown: unknown.toSorted() });
}

/** Throws if the tables are in other schemas than those that this connection looks at. SQLite has no schemas. */
async function requireInSearchPath(db: Db, schemas: readonly string[]): Promise<void> {
  if (dialectOfDb(db) === 'sqlite') return;
  const visible = sql<{
    found: boolean;
    path: string;
  }>`select to_regclass(${DEFAULT_MIGRATION_TABLE}) is not null as found,
    array_to_string(current_schemas(false), ', ') as path`;
  const [row] = (await visible.execute(db)).rows;
  if (row?.found === false) throw new AppError('database-elsewhere', { schemas: schemas.toSorted(), path: row.path });
}

/** Throws if the database is older than this program. */
export async function requireMigrated(db: Db): Promise<void> {
  const { pending } = await migrationStatus(db);
  if (pending.length > 0) throw new AppError('migrations-pending', { pending });
}

function migrator(db: Db): Migrator {
  const dialect = dialectOfDb(db);
  return new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(migrations).map(([name, { up }]) => [name, { up: (within) => up(within, dialect) }]),
        ),
    },
  });
}

// Kysely creates its own tables before it takes the lock, so two first starts may collide there. The second one
// retries.
async function migrateWithRetry(db: Db): Promise<MigrationResultSet> {
  const first = await migrator(db).migrateToLatest();
  return first.error === undefined ? first : migrator(db).migrateToLatest();
}
