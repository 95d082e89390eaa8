import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Adds what a space says to its people: mails, their language and their clock. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('spaces')
    .addColumn('language', 'text', (column) => column.notNull().defaultTo('en'))
    .execute();
  const texts = [
    'time_zone',
    'contact_text',
    'mail_from',
    'mail_reply_to',
    'mail_introduction_en',
    'mail_introduction_fr',
    'smtp_url',
  ];
  for (const name of texts) await db.schema.alterTable('spaces').addColumn(name, 'text').execute();
}
