import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Adds each account's linphonerc text, and the country of a space, which phone numbers without a country code take. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('accounts')
    .addColumn('linphonerc', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema.alterTable('spaces').addColumn('phone_country', 'text').execute();
}
