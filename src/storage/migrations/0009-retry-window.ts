import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/**
 * No `retry_window` means the default, which depends on the proxy; until now the default was a stored 0. The end of an
 * answer starts the window, and earlier answers to a token leave their device keys.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('spaces').addColumn('optional_retry_window', 'integer').execute();
  await sql`update spaces set optional_retry_window = nullif(retry_window, 0)`.execute(db);
  await db.schema.alterTable('spaces').dropColumn('retry_window').execute();
  await db.schema.alterTable('spaces').renameColumn('optional_retry_window', 'retry_window').execute();

  await db.schema.alterTable('tokens').addColumn('ended_at', 'bigint').execute();

  await db.schema
    .createTable('spare_device_keys')
    .addColumn('key_hash', 'text', (column) => column.primaryKey())
    .addColumn('device_id', 'integer', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .execute();
  await db.schema.createIndex('spare_device_keys_device').on('spare_device_keys').column('device_id').execute();
}
