/* Sentences about a database that cannot be used, and about its files. */

const databaseTroubles = {
  'no-answer': 'The database is not responding: try again.',
  'too-slow': 'The database took too long: try again.',
  locked: 'The database is locked by another process: try again later.',
  conflict: 'Others are changing the same data at the moment: try again.',
  'read-only': 'The database takes no changes at the moment: try again later.',
  full: 'The database has no room left: try again later.',
  'disk-failing': 'The disk of the database is failing: try again later.',
  damaged: 'The database is damaged: try again later.',
  refused: 'The database refuses access: try again later.',
  missing: 'The database lacks its tables: try again later.',
  certificate: 'The database has no certificate that can be trusted: try again later.',
  'no-encryption': 'The connection to the database cannot be encrypted: try again later.',
  crowded: 'The database has too many connections: try again.',
  pooler: 'The connection pooler in front of the database lost its place: try again.',
  replaced:
    'The database file was deleted or replaced while the server ran, so nothing can be changed: try again later.',
  unconfirmed: 'The database did not confirm the change, which may have been made: look before you repeat it.',
  'no-space': 'The database has no space (SIP domain) yet: restart Ringup, which creates the first one.',
};

export type DatabaseTrouble = keyof typeof databaseTroubles;

type DatabaseFacts =
  /** `file` is the path of the SQLite file. */
  { readonly why: DatabaseTrouble; readonly file?: string } | { readonly why: 'unusable'; readonly failure: string };

export function databaseTrouble(facts: DatabaseFacts): string {
  return facts.why === 'unusable' ? `The database cannot be used: ${facts.failure}.` : databaseTroubles[facts.why];
}

/** What the operator can do. Shown only in logs and by commands. */
const databaseAdvice: Readonly<Partial<Record<DatabaseTrouble, string>>> = {
  'no-answer': 'Check that the database server runs and that this machine reaches it.',
  'too-slow': 'Look for a slow disk, and on PostgreSQL for long transactions and locks in pg_stat_activity.',
  locked: 'End the other program that writes to the file; backups must not hold its lock.',
  conflict: 'It passes by itself; if it goes on, look for locks in pg_stat_activity.',
  'read-only': 'Connect to the primary server, or make the file and its folder writable for this user.',
  full: 'Free space on the disk of the database.',
  'disk-failing':
    "Look for a full disk, for errors of the disk in the system's log, and at the permissions of the file and its folder.",

  damaged: 'Stop Ringup and restore a backup.',
  refused:
    'Check the role, its password and permissions, whether the database allows connections, and pg_hba.conf and sslmode.',
  missing: 'Check the name of the database and its search_path, then run `ringup migrate`.',
  certificate:
    'Use a host name of the certificate, name its authority in sslrootcert=FILE, or check neither with sslmode=require.',
  'no-encryption': 'Switch ssl on in postgresql.conf, or use sslmode=disable in a network that you trust.',
  crowded: 'Raise max_connections, or the connection limit of the role or the database: each Ringup opens up to 10.',
  pooler:
    'In pgbouncer, set pool_mode = session, or pool_mode = transaction with max_prepared_statements (version 1.21 or later).',
  replaced:
    'Put the database file back or restore a backup. Restart Ringup then: it makes no changes before, because they would be lost.',
};

export function adviceAbout(trouble: string): string | undefined {
  return Object.hasOwn(databaseAdvice, trouble) ? databaseAdvice[trouble as DatabaseTrouble] : undefined;
}

const ofSeveralCauses: readonly string[] = [
  'no-answer',
  'refused',
  'missing',
  'certificate',
  'disk-failing',
] satisfies DatabaseTrouble[];

/** Returns whether one piece of advice covers several causes, such as a wrong password and a role without a login. */
export function hasSeveralCauses(trouble: string): boolean {
  return ofSeveralCauses.includes(trouble);
}

export type FileTrouble = 'unwritable-disk' | 'full-disk' | 'permissions' | 'not-ours' | 'other';

interface FileFacts {
  readonly why: FileTrouble;
  readonly file: string;
  readonly folder: string;
  readonly failure: string;
}

export function fileTrouble({ why, file, folder, failure }: FileFacts): string {
  switch (why) {
    case 'unwritable-disk':
      return `${file} cannot be written, because ${folder} is read-only: make it writable, or set RINGUP_DATA_DIR to another folder.`;
    case 'full-disk':
      return `${file} cannot be written, because the disk of ${folder} is full: free space there.`;
    case 'permissions':
      return `${file} cannot be opened, because the permissions of ${folder} or of the file refuse it: run Ringup as their owner.`;
    case 'not-ours':
      return `${file} is damaged, or Ringup did not make it (${failure}): make sure that no server runs on ${folder}, then delete this file.`;
    case 'other':
      return `${file} cannot be used: ${failure}. Look at the disk and the permissions of ${folder}.`;
  }
}
