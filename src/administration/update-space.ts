import { AppError, invalidFields } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import { changeSpaces, getSpace, type SpaceContext } from '../spaces/change-spaces.ts';
import { changedSettings } from '../spaces/setting-values.ts';
import type { Space } from '../spaces/space.ts';
import { applyChanges, checkSpaceFields, type SpaceChanges } from '../spaces/space-fields.ts';
import { listSpaces, updateSpaceRow } from '../spaces/space-store.ts';
import { requireCompleteTurn } from '../spaces/turn.ts';
import type { Transaction } from '../storage/tables.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

/** Changes the settings in `fields`. A new realm makes stored passwords useless, so it must be confirmed. */
export async function updateSpace(
  context: SpaceContext,
  actor: Actor,
  domain: string,
  { confirm, ...fields }: SpaceChanges,
): Promise<Space> {
  checkSpaceFields(fields);
  return changeSpaces(context, actor, { domain, ...fields }, async (tx, by) => {
    const space = await getSpace(tx, domain);
    if (fields.domain !== undefined && fields.domain !== space.domain) {
      throw invalidFields({ domain: [{ code: 'unchangeable' }] });
    }
    const changed = applyChanges(space, fields);
    if ((changed.realm ?? space.domain) !== (space.realm ?? space.domain) && confirm !== true) {
      throw new AppError('confirmation-needed', { realm: changed.realm ?? space.domain });
    }
    requireCompleteTurn(changed);
    const names = changedSettings(space, changed);
    if (names.length === 0) return space;
    const detail = { domain: space.domain, fields: names.join(', ') };
    await recordEvent(tx, { ...by, kind: 'space-changed', spaceId: space.id, accountId: null, detail });
    const save = () => updateSpaceRow(tx, space.id, changed, by.at);
    if (!space.super || changed.super) return save();
    await requireAnotherSuperSpace(tx, space);
    return keepingAnAdministrator(tx, save);
  });
}

export async function requireAnotherSuperSpace(tx: Transaction, space: Space): Promise<void> {
  const others = (await listSpaces(tx)).filter((each) => each.super && each.id !== space.id);
  if (others.length === 0) throw new AppError('conflict', { why: 'only-super-space' });
}
