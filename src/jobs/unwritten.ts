import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { heartbeatMs, isNodeAlive, isNodeHeardOf, isNodeKnown, unregisterNode } from '../cluster/node-store.ts';
import type { Logger } from '../lib/logger.ts';
import { fillReservedFile, reserveFile } from '../lib/reserved-file.ts';
import type { Database } from '../storage/database.ts';
import { isShared } from '../storage/dialect.ts';
import type { Job } from './jobs.ts';
import { isUnwritten, type Unwritten, type Writers } from './stored-records.ts';

const fileName = /^unwritten-([0-9a-f-]+)\.json$/;
/** This file reserves space on the disk while a process runs. It is filled and renamed when the process stops. */
const draftName = /^unwritten-([0-9a-f-]+)\.json\.new$/;
/** Space for several thousand answers, which is more than can be in progress when a disk becomes full. */
const reservedBytes = 512 * 1024;

/** The records that a process left for the next one. */
export interface Stored {
  /** The process that left the records. The database still lists it as alive. */
  readonly bootId: string;
  readonly unwritten: Unwritten;
  /** Whether the process took the records over from another one, and may still be trying to write them. */
  readonly isTaken?: boolean;
}

export interface UnwrittenContext {
  readonly database: Database;
  readonly bootId: string;
  readonly log: Logger;
  readonly settings: { readonly dataDir: string };
}

/**
 * Reserves space in the data directory for records that cannot be written before the end. The disk may be full by then,
 * and a used code whose delivery is not recorded would be answered again. Also frees the space that killed processes
 * reserved.
 */
export async function reserveUnwritten({ database, settings, bootId, log }: UnwrittenContext): Promise<void> {
  try {
    for (const name of readdirSync(settings.dataDir)) {
      const owner = draftName.exec(name)?.[1];
      if (owner !== undefined && !(await isNodeAlive(database, owner))) rmSync(join(settings.dataDir, name));
    }
    reserveFile(draftOf(fileOf(settings.dataDir, bootId)), reservedBytes);
  } catch (error) {
    log.warn(
      { err: error },
      'the data directory has no room to reserve for records that cannot be written when the server stops',
    );
  }
}

/**
 * Saves the records that could not be written in the data directory, for the next start. Returns whether there is
 * nothing left to save.
 */
export function keepUnwritten({ settings, bootId, log }: UnwrittenContext, unwritten: Unwritten): boolean {
  const file = fileOf(settings.dataDir, bootId);
  const count = countOf(unwritten);
  try {
    if (count === 0) discard(file);
    else saveMost(file, { bootId, unwritten }, log);
  } catch (error) {
    log.error(
      { err: error, lost: count },
      'neither the database nor the data directory accepted the remaining records',
    );
    return count === 0;
  }
  if (count > 0)
    log.error({ count, file }, 'the database accepts no changes; the next start will write the remaining records');
  return count === 0;
}

/**
 * Drops events and uses of keys if there is not enough space. The outcomes of answers must be saved, because used codes
 * would otherwise be answered again.
 */
function saveMost(file: string, stored: Stored, log: Logger): void {
  try {
    save(file, stored);
  } catch (error) {
    const { events, keyUses } = stored.unwritten;
    save(file, { ...stored, unwritten: { ...stored.unwritten, events: [], keyUses: [] } });
    log.error({ err: error, lost: events.length + keyUses.length }, 'the data directory had no room for all events');
  }
}

/**
 * Returns the records that earlier processes left for this database, which lists these processes. Renames damaged
 * files, because no start could read them. Leaves those alone that another node is still writing. Call this before
 * registering this process.
 */
export async function findUnwritten({ database, settings, log }: UnwrittenContext): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  const names = existsSync(settings.dataDir) ? readdirSync(settings.dataDir) : [];
  for (const name of names) {
    const bootId = fileName.exec(name)?.[1];
    if (bootId === undefined || !(await isNodeKnown(database, bootId))) continue;
    const file = fileOf(settings.dataDir, bootId);
    // Its owner may have written the records, and deleted the file, a moment ago.
    if (!existsSync(file)) continue;
    const stored = readStored(file);
    if (stored === undefined) setAside(log, file);
    else if (!(stored.isTaken && isShared(database) && (await isNodeHeardOf(database, bootId)))) found.push(stored);
  }
  return found;
}

/** Returns the names of record files in the data directory that no start can read. */
export function damagedFiles(dataDir: string): string[] {
  const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
  return names.filter((name) =>
    fileName.test(name)
      ? readStored(join(dataDir, name)) === undefined
      : name.endsWith(damaged) && fileName.test(name.slice(0, -damaged.length)),
  );
}

const damaged = '.damaged';

function readStored(file: string): Stored | undefined {
  try {
    const { unwritten, isTaken = false } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Stored>;
    const [, bootId = ''] = fileName.exec(basename(file)) ?? [];
    return isUnwritten(unwritten) ? { bootId, unwritten, isTaken } : undefined;
  } catch {
    return undefined;
  }
}

function setAside(log: Logger, file: string): void {
  try {
    renameSync(file, `${file}${damaged}`);
    log.error(
      { file: `${file}${damaged}` },
      'the records that an earlier process could not write are damaged and were set aside',
    );
  } catch (error) {
    log.error(
      { file, err: error },
      'the records that an earlier process could not write are damaged and stay where they are',
    );
  }
}

/** Passes the records of earlier processes to the writers. Returns whether all of them are written. */
export async function restoreUnwritten(writers: Writers, kept: readonly Stored[]): Promise<boolean> {
  const { deliveries, deviceUses, keyUses, events } = writers;
  for (const { unwritten } of kept) {
    deliveries.restore(unwritten.deliveries);
    deviceUses.restore(unwritten.deviceUses);
    keyUses.restore(unwritten.keyUses);
    events.restore(unwritten.events);
  }
  return isAllWritten(writers);
}

async function isAllWritten({ deliveries, deviceUses, keyUses, events }: Writers): Promise<boolean> {
  const written = await Promise.all([deliveries, deviceUses, keyUses, events].map((each) => each.flush()));
  return !written.includes(false);
}

/**
 * Saves the records of earlier processes that the database has not accepted yet, so that they survive this process too.
 * Call this before registering this process: after that, the database may no longer list the earlier ones.
 */
export function keepTaken({ settings, bootId }: UnwrittenContext, kept: readonly Stored[], isWritten: boolean): void {
  if (kept.length === 0 || isWritten) return;
  save(fileOf(settings.dataDir, bootId), { bootId, unwritten: together(kept), isTaken: true });
}

/** Returns the job that deletes what `keepTaken` saved, once the database has accepted these records. */
export function writtenJob({ settings, bootId }: UnwrittenContext, writers: Writers): Job {
  const file = fileOf(settings.dataDir, bootId);
  return {
    name: 'writing the records of an earlier process',
    everyMs: heartbeatMs,
    async run(signal) {
      // When the process stops, it may save other records under this name.
      if (existsSync(file) && (await isAllWritten(writers)) && !signal.aborted) rmSync(file, { force: true });
    },
  };
}

/** Deletes what `keepTaken` saved, for a start that fails: the files of the earlier processes are still there. */
export function discardTaken({ settings, bootId }: UnwrittenContext): void {
  discard(fileOf(settings.dataDir, bootId));
}

/** Deletes the records of earlier processes. Call this after registering this process. */
export async function forgetUnwritten(
  { database, settings, log }: UnwrittenContext,
  kept: readonly Stored[],
  isWritten: boolean,
): Promise<void> {
  for (const former of kept) {
    await unregisterNode(database, former.bootId);
    rmSync(fileOf(settings.dataDir, former.bootId), { force: true });
  }
  const count = countOf(together(kept));
  if (kept.length > 0)
    log.info({ count, isWritten }, 'the records that an earlier process could not write were taken over');
}

function together(kept: readonly Stored[]): Unwritten {
  return {
    deliveries: kept.flatMap(({ unwritten }) => unwritten.deliveries),
    deviceUses: kept.flatMap(({ unwritten }) => unwritten.deviceUses),
    keyUses: kept.flatMap(({ unwritten }) => unwritten.keyUses),
    events: kept.flatMap(({ unwritten }) => unwritten.events),
  };
}

function countOf(unwritten: Unwritten): number {
  return Object.values(unwritten).reduce((sum, { length }) => sum + length, 0);
}

function save(file: string, stored: Stored): void {
  fillReservedFile(draftOf(file), JSON.stringify(stored));
  renameSync(draftOf(file), file);
}

function discard(file: string): void {
  for (const each of [file, draftOf(file)]) rmSync(each, { force: true });
}

function draftOf(file: string): string {
  return `${file}.new`;
}

/** Returns the path of a process's file. Each has its own, because several nodes may share a data directory. */
function fileOf(dataDir: string, bootId: string): string {
  return join(dataDir, `unwritten-${bootId}.json`);
}
