import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { makeFolder } from '../lib/make-folder.ts';
import { createPrivately } from '../lib/private-file.ts';

const companions = ['-wal', '-shm'] as const;

/** People give no such names to their own copies. */
const draftMark = '.draft-';

/**
 * Copies a SQLite file to a draft beside `target` while others use it, and checks the copy. The draft is one private file
 * without a `-wal`.
 */
export async function draftCopy(source: string, target: string): Promise<{ draft: string; accounts: number }> {
  const draft = draftName(target);
  makeFolder(dirname(draft));
  try {
    createPrivately(draft);
    const from = new Sqlite(source, { fileMustExist: true, readonly: true });
    try {
      await from.backup(draft);
    } finally {
      from.close();
    }
    return { draft, accounts: requireSound(draft, source) };
  } catch (cause) {
    discard(draft);
    throw translated(cause, target);
  }
}

/** Notes in a file that it was copied. Does not wait for a writer: the copy is good even if nobody notes it. */
export function noteCopied(source: string, at: number): void {
  try {
    const database = new Sqlite(source, { fileMustExist: true, timeout: 0 });
    try {
      database.prepare('update instance set backed_up_at = ?').run(at);
    } finally {
      database.close();
    }
  } catch {
    // Another one writes, the disk is read-only, or the file is of an earlier version.
  }
}

/** Copies a file that no process uses to a draft beside `target`, and checks it. The file may be on a read-only disk. */
export function draftRestored(source: string, target: string): string {
  const draft = draftName(target);
  try {
    createPrivately(draft);
    copyFileSync(source, draft);
    chmodSync(draft, 0o600);
    if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, `${draft}-wal`);
    requireSound(draft, source);
    return draft;
  } catch (cause) {
    discard(draft);
    throw translated(cause, target);
  }
}

/** Gives a draft its name, unless there is a file of that name. */
export function publishDraft(draft: string, target: string): void {
  try {
    syncFile(draft);
    linkSync(draft, target);
    syncFile(dirname(target));
  } catch (cause) {
    throw hasCode(cause, 'EEXIST')
      ? new AppError('conflict', { why: 'file-exists', path: target })
      : translated(cause, target);
  } finally {
    discard(draft);
  }
}

/**
 * Puts a draft in the place of a database that no server uses, and keeps that one as `kept`, if there is one. Whenever
 * the process is killed, a whole database is in the place.
 */
export function replaceDatabase(target: string, draft: string, kept: string | undefined): void {
  try {
    if (kept !== undefined) {
      emptyWal(target);
      takeOwnerAndGroup(draft, target);
      for (const end of ['', '-wal']) if (existsSync(target + end)) keepBeside(target + end, kept + end);
    }
    // What belongs to the old file would be taken for changes to the new one.
    for (const end of companions) rmSync(target + end, { force: true });
    syncFile(draft);
    renameSync(draft, target);
    if (kept !== undefined) chmodSync(kept, 0o600);
    syncFile(dirname(target));
  } catch (cause) {
    discard(draft);
    throw translated(cause, target);
  }
}

export function discard(draft: string): void {
  for (const end of ['', ...companions, '-journal']) rmSync(draft + end, { force: true });
}

/** Removes the drafts that killed processes left beside `target`. Call it with the lock that makers of drafts hold. */
export function discardDrafts(target: string): void {
  const folder = dirname(target);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(target)}${draftMark}`)) rmSync(join(folder, name), { force: true });
  }
}

function draftName(target: string): string {
  return `${target}${draftMark}${randomUUID().slice(0, 8)}`;
}

/**
 * Throws unless the draft is a sound database of Ringup. Returns its number of accounts. Also makes it one file: the mode
 * of the original is copied, and the changes in its `-wal`.
 */
function requireSound(draft: string, source: string): number {
  const copy = new Sqlite(draft);
  try {
    copy.pragma('journal_mode = DELETE');
    const [first] = copy.pragma('integrity_check') as { integrity_check: string }[];
    const found = first?.integrity_check ?? 'nothing';
    if (found !== 'ok') throw new AppError('conflict', { why: 'not-a-backup', path: source, reason: found });
    const tables = copy.prepare(
      "select name from sqlite_master where name in ('kysely_migration', 'accounts', 'spaces')",
    );
    if (tables.all().length < 3) {
      throw new AppError('conflict', { why: 'foreign-database', path: source });
    }
    return Number(copy.prepare('select count(*) from accounts').pluck().get());
  } catch (cause) {
    if (!hasCode(cause, 'SQLITE_NOTADB') && !hasCode(cause, 'SQLITE_CORRUPT')) throw cause;
    const { message: reason } = cause;
    throw new AppError('conflict', { why: 'not-a-backup', path: source, reason }, { cause });
  } finally {
    copy.close();
  }
}

/** Moves the changes in the `-wal` into the file. One that cannot be read any more is kept with its `-wal`. */
function emptyWal(file: string): void {
  try {
    const database = new Sqlite(file);
    try {
      database.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      database.close();
    }
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
  }
}

/** A SIP server that may read the database can read the restored one too. */
function takeOwnerAndGroup(draft: string, present: string): void {
  const { uid, gid, mode } = statSync(present);
  if (uid !== process.getuid?.() || gid !== process.getgid?.()) chownSync(draft, uid, gid);
  chmodSync(draft, mode & 0o740);
}

/** Gives the file a second name, which needs no space. Where the file system has no second names, copies it. */
function keepBeside(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error;
    copyFileSync(file, kept);
    chmodSync(kept, 0o600);
    syncFile(kept);
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function translated(cause: unknown, path: string): unknown {
  if (hasCode(cause, 'SQLITE_FULL') || hasCode(cause, 'ENOSPC')) {
    return new AppError('conflict', { why: 'disk-full', path }, { cause });
  }
  if (!(cause instanceof Error) || !('syscall' in cause || hasCode(cause, 'SQLITE_IOERR'))) return cause;
  const reason = cause.message.split(', ')[0] ?? '';
  return new AppError('conflict', { why: 'not-written', path, reason }, { cause });
}

function hasCode(error: unknown, code: string): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith(code);
}
