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
import { codeOf } from '../lib/code-of.ts';
import { makeFolder } from '../lib/make-folder.ts';
import { createPrivately, takeName } from '../lib/private-file.ts';

const companions = ['-wal', '-shm'] as const;

/** Part of a draft's name, chosen so that people's own copies do not contain it. */
const draftMark = '.draft-';

/**
 * Copies a SQLite file that is in use to a draft beside `target`, and checks the copy. The draft is a single private
 * file without a `-wal`.
 */
export async function draftCopy(source: string, target: string): Promise<{ draft: string; accounts: number }> {
  const draft = draftName(target);
  makeFolder(dirname(draft));
  try {
    createPrivately(draft);
    const from = new Sqlite(source, { fileMustExist: true, readonly: true });
    try {
      // Reads one snapshot. Without it, the copy would begin anew after each commit of the server.
      from.exec('begin; select 1 from sqlite_schema');
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

/**
 * Notes in a database that it was copied. Does not wait for other writers, because the copy is valid even without the
 * note.
 */
export function noteCopied(source: string, at: number): void {
  try {
    const database = new Sqlite(source, { fileMustExist: true, timeout: 0 });
    try {
      database.prepare('update instance set backed_up_at = ?').run(at);
    } finally {
      database.close();
    }
  } catch {
    // Ignored: another process is writing, the disk is read-only, or the file is from an earlier version.
  }
}

/**
 * Copies a file that no process uses to a draft beside `target`, and checks it. The original may be on a read-only
 * disk.
 */
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

/** Renames a draft to `target`. Throws if a file with this name exists. */
export function publishDraft(draft: string, target: string): void {
  try {
    syncFile(draft);
    takeName(draft, target);
    syncFolder(dirname(target));
  } catch (cause) {
    throw codeOf(cause) === 'EEXIST'
      ? new AppError('conflict', { why: 'file-exists', path: target })
      : translated(cause, target);
  } finally {
    discard(draft);
  }
}

/**
 * Replaces a database that no server uses with a draft. Keeps the replaced one as `kept`, if given. Even if the process
 * is killed, there is a complete database at any time.
 */
export function replaceDatabase(target: string, draft: string, kept: string | undefined): void {
  let isReplaced = false;
  let hasKept = false;
  try {
    if (kept !== undefined) {
      emptyWal(target);
      takeOwnerAndGroup(draft, target);
      for (const end of ['', '-wal']) if (existsSync(target + end)) keepBeside(target + end, kept + end);
      hasKept = true;
    }
    syncFile(draft);
    // Files that belong to the old database would otherwise be applied to the new one.
    for (const end of companions) rmSync(target + end, { force: true });
    renameSync(draft, target);
    isReplaced = true;
    if (kept !== undefined) chmodSync(kept, 0o600);
    syncFolder(dirname(target));
  } catch (cause) {
    discard(draft);
    if (kept !== undefined && !isReplaced) takeBack(target, kept, hasKept);
    throw translated(cause, target);
  }
}

/**
 * Undoes what `replaceDatabase` did to the present database before the draft could take its place. Unless all of it was
 * kept, files with these names may be of another restore.
 */
function takeBack(target: string, kept: string, hasKept: boolean): void {
  // The latest changes may be in this file alone, if a reader kept it from being emptied.
  if (hasKept && !existsSync(`${target}-wal`) && existsSync(`${kept}-wal`)) renameSync(`${kept}-wal`, `${target}-wal`);
  for (const end of ['', '-wal']) {
    if (hasKept) rmSync(kept + end, { force: true });
    else forgetName(target + end, kept + end);
  }
}

/** Removes the second name of a file, if both are still of the same one. */
function forgetName(file: string, second: string): void {
  const [one, other] = [file, second].map((each) => statSync(each, { throwIfNoEntry: false }));
  if (one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino) rmSync(second);
}

export function discard(draft: string): void {
  for (const end of ['', ...companions, '-journal']) rmSync(draft + end, { force: true });
}

/**
 * Deletes the drafts that killed processes left beside `target`. The caller must have the lock under which drafts are
 * made.
 */
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
 * Throws unless the draft is an intact database of Ringup. Returns its number of accounts. Also turns the draft into a
 * single file, because it has the journal mode of the original, perhaps with changes in a `-wal`.
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
    if (!(cause instanceof Error && /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(cause)))) throw cause;
    const { message: reason } = cause;
    throw new AppError('conflict', { why: 'not-a-backup', path: source, reason }, { cause });
  } finally {
    copy.close();
  }
}

/** Moves the changes in the `-wal` into the file. If the file can no longer be read, both are kept as they are. */
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

/**
 * Gives the draft the owner and group of the present database, so that a SIP server that can read one can read the
 * other.
 */
function takeOwnerAndGroup(draft: string, present: string): void {
  const { uid, gid, mode } = statSync(present);
  if (uid !== process.getuid?.() || gid !== process.getgid?.()) chownSync(draft, uid, gid);
  chmodSync(draft, mode & 0o740);
}

/** Gives the file a second name, which needs no space. Copies it if the file system does not support that. */
function keepBeside(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    copyFileSync(file, kept);
    chmodSync(kept, 0o600);
    syncFile(kept);
  }
}

/** Opens the file for writing, because Windows syncs no other. It syncs no folder. */
function syncFile(path: string): void {
  sync(path, 'r+');
}

function syncFolder(path: string): void {
  if (process.platform !== 'win32') sync(path, 'r');
}

function sync(path: string, mode: 'r' | 'r+'): void {
  const file = openSync(path, mode);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function translated(cause: unknown, path: string): unknown {
  if (/^(SQLITE_FULL|ENOSPC)/.test(codeOf(cause))) {
    return new AppError('conflict', { why: 'disk-full', path }, { cause });
  }
  if (!(cause instanceof Error) || !('syscall' in cause || codeOf(cause).startsWith('SQLITE_IOERR'))) return cause;
  const reason = cause.message.split(', ')[0] ?? '';
  return new AppError('conflict', { why: 'not-written', path, reason }, { cause });
}
