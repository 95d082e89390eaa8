import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { checkDomain } from '../sip/sip-uri.ts';
import { violatedReference, violatedUnique } from '../storage/dialect.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Space } from './space.ts';
import type { SpaceDirectory } from './space-directory.ts';
import { findSpaceByDomain } from './space-store.ts';

export interface SpaceContext extends ChangeContext {
  readonly spaces: SpaceDirectory;
}

/** Runs a change of spaces in a transaction: one after the other, on all nodes, which notice it. */
export async function changeSpaces<T>(
  context: SpaceContext,
  actor: Actor,
  work: (tx: Transaction, by: By) => Promise<T>,
): Promise<T> {
  try {
    return await change(context, actor, async (tx, by) => {
      await bumpRevision(tx, 'spaces');
      return work(tx, by);
    });
  } catch (error) {
    throw translated(error);
  } finally {
    await context.spaces.refresh();
  }
}

export async function getSpace(db: Db, domain: string): Promise<Space> {
  const name = domain.toLowerCase();
  // What can be no domain is not even looked for: PostgreSQL takes no zero byte.
  const space = checkDomain(name) === undefined ? await findSpaceByDomain(db, name) : undefined;
  if (space === undefined) throw new AppError('not-found', 'There is no space with that domain.');
  return space;
}

function translated(error: unknown): unknown {
  if (violatedReference(error)) {
    return new AppError(
      'space-not-empty',
      'The space still has accounts: delete them first, or with it (with_accounts=true, in a command --with-accounts).',
    );
  }
  const violated = violatedUnique(error);
  if (violated === undefined) return error;
  const field = violated.includes('host') ? 'host' : 'domain';
  const complaint = 'is already taken by another space';
  return new AppError('space-exists', `${field} ${complaint}.`, { fields: { [field]: [complaint] }, cause: error });
}
