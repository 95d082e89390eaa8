import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import type { OutageLog } from '../lib/outage-log.ts';
import { checkDomain } from '../sip/sip-uri.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { violatedReference, violatedUnique } from '../storage/dialect.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { defaultSettings } from './setting-values.ts';
import type { Space } from './space.ts';
import type { SpaceDirectory } from './space-directory.ts';
import { findSpaceByDomain, insertSpace, listSpaces } from './space-store.ts';

export interface SpaceContext extends ChangeContext {
  readonly spaces: SpaceDirectory;
  readonly outages: Pick<OutageLog, 'report'>;
}

/** The values of a changed space that must be unique. */
interface UniqueNames {
  readonly domain: string;
  readonly host?: string | null;
}

/**
 * Runs a change of one space in a transaction. Changes take turns on all nodes, and all nodes notice them. If the
 * spaces cannot be read again afterwards, the result of the change stands, and a job reads them.
 */
export async function changeSpaces<T>(
  context: SpaceContext,
  actor: Actor,
  names: UniqueNames,
  work: (tx: Transaction, by: By) => Promise<T>,
): Promise<T> {
  try {
    return await change(context, actor, async (tx, by) => {
      await bumpRevision(tx, 'spaces');
      return work(tx, by);
    });
  } catch (error) {
    throw translated(error, names);
  } finally {
    await context.spaces.refresh().catch((error: unknown) => {
      context.outages.report(error, {}, 'the spaces could not be read again after a change; a job will read them');
    });
  }
}

export async function getSpace(db: Db, domain: string): Promise<Space> {
  const name = domain.toLowerCase();
  // Text that cannot be a domain is not looked up, because PostgreSQL refuses zero bytes.
  const space = checkDomain(name) === undefined ? await findSpaceByDomain(db, name) : undefined;
  if (space === undefined) throw new AppError('not-found', { what: 'space', name: domain });
  return space;
}

function translated(error: unknown, names: UniqueNames): unknown {
  if (violatedReference(error)) return new AppError('space-not-empty', { domain: names.domain }, { cause: error });
  const violated = violatedUnique(error);
  if (violated === undefined) return error;
  const field = violated.includes('host') ? 'host' : 'domain';
  return new AppError('space-exists', { field, value: names[field] ?? '' }, { cause: error });
}

/** Creates the first space in a new database. If two processes start at the same time, only one of them does. */
export async function ensureFirstSpace(
  database: Database,
  first: { readonly domain: string; readonly registrar: string | null },
  now: number,
): Promise<void> {
  // Checked without the lock first, so that a command that only reads writes nothing and makes no server read the
  // spaces again.
  if ((await listSpaces(database)).length > 0) return;
  await inTransaction(database, async (tx) => {
    await bumpRevision(tx, 'spaces');
    if ((await listSpaces(tx)).length > 0) return;
    await insertSpace(tx, { ...defaultSettings(first.domain), registrar: first.registrar, super: true }, now);
  });
}
