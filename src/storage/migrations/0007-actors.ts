import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Who did something was one text; from here on it is a kind, an id and a name. */
const tables = [
  { table: 'events', before: 'actor', after: 'actor' },
  { table: 'tokens', before: 'issuer', after: 'issuer' },
] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const { table, before, after } of tables) {
    await db.schema.alterTable(table).addColumn(`${after}_kind`, 'text').execute();
    await db.schema.alterTable(table).addColumn(`${after}_id`, 'integer').execute();
    await db.schema.alterTable(table).addColumn(`${after}_name`, 'text').execute();
    const old = sql.ref(before);
    await sql`
      update ${sql.table(table)} set
        ${sql.ref(`${after}_kind`)} = case ${old}
          when 'command line' then 'command-line'
          when 'me' then 'self'
          when 'the one-time link' then 'setup-link'
          else 'unknown' end,
        ${sql.ref(`${after}_name`)} = case
          when ${old} in ('command line', 'me', 'the one-time link') then null
          else ${old} end
      where ${old} is not null`.execute(db);
    await db.schema.alterTable(table).dropColumn(before).execute();
  }
}
