import type { Kysely, Transaction as KyselyTransaction } from 'kysely';
import type { AccessTables } from './access-tables.ts';
import type { AccountTables } from './account-tables.ts';
import type { ContactTables } from './contact-tables.ts';
import type { DeviceTables } from './device-tables.ts';
import type { EventTables } from './event-tables.ts';
import type { ImportTables } from './import-tables.ts';
import type { InstanceTables } from './instance-tables.ts';
import type { MailTables } from './mail-tables.ts';
import type { SpaceTables } from './space-tables.ts';
import type { TokenTables } from './token-tables.ts';

/** All tables and views, with the column names of the database. */
export interface Tables
  extends AccessTables,
    AccountTables,
    ContactTables,
    DeviceTables,
    EventTables,
    ImportTables,
    InstanceTables,
    MailTables,
    SpaceTables,
    TokenTables {}

/** The database or a transaction. Stores accept both. */
export type Db = Kysely<Tables>;
/** A parameter of this type shows that a function must run together with other changes, or under a lock. */
export type Transaction = KyselyTransaction<Tables>;
