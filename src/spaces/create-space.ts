import { bumpRevision } from '../cluster/revision-store.ts';
import type { Actor } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { changeSpaces, type SpaceContext } from './change-spaces.ts';
import { defaultSettings } from './setting-values.ts';
import type { Space } from './space.ts';
import { applyChanges, checkSpaceFields, type NewSpace } from './space-fields.ts';
import { insertSpace, listSpaces } from './space-store.ts';
import { requireCompleteTurn } from './turn.ts';

export async function createSpace(context: SpaceContext, actor: Actor, fields: NewSpace): Promise<Space> {
  checkSpaceFields(fields);
  const settings = applyChanges(defaultSettings(fields.domain), fields);
  requireCompleteTurn(settings);
  return changeSpaces(context, actor, fields, async (tx, by) => {
    const space = await insertSpace(tx, settings, by.at);
    const detail = { domain: space.domain };
    await recordEvent(tx, { ...by, kind: 'space-created', spaceId: space.id, accountId: null, detail });
    return space;
  });
}

/** Creates the first space in a new database. If two processes start at the same time, only one of them does. */
export async function ensureFirstSpace(
  database: Database,
  first: { readonly domain: string; readonly registrar: string | null },
  now: number,
): Promise<void> {
  // Looked at without the lock first: a command that only reads neither writes nor makes servers read the spaces again.
  if ((await listSpaces(database)).length > 0) return;
  await inTransaction(database, async (tx) => {
    await bumpRevision(tx, 'spaces');
    if ((await listSpaces(tx)).length > 0) return;
    await insertSpace(tx, { ...defaultSettings(first.domain), registrar: first.registrar, super: true }, now);
  });
}
