import { actorOf, type Caller } from '../access/caller.ts';
import { requireSettable } from '../access/managed-account.ts';
import { askAboutSpace } from '../access/password-question.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import { changeSpaces, getSpace, type SpaceContext } from '../spaces/change-spaces.ts';
import { insertVersion } from '../spaces/linphonerc-version-store.ts';
import { changedSettings } from '../spaces/setting-values.ts';
import type { Space } from '../spaces/space.ts';
import {
  applyChanges,
  asMeant,
  checkSpaceFields,
  type SpaceChanges,
  withoutUnchanged,
} from '../spaces/space-fields.ts';
import { listSpaces, updateSpaceRow } from '../spaces/space-store.ts';
import { requireCompleteTurn } from '../spaces/turn.ts';
import type { Transaction } from '../storage/tables.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';
import { renameSpaceIn } from './rename-space.ts';

export interface UpdatedSpace {
  readonly space: Space;
  /** The user names of the accounts that lost their passwords because the domain changed, and the realm with it. */
  readonly passwordsEnded: readonly string[];
}

/**
 * Changes the settings in `fields`. A new domain or realm must be confirmed. With a new realm alone, HA1s stay as they
 * are: they match again if the old realm comes back, and imported ones may have been made for the new realm.
 */
export async function updateSpace(
  context: SpaceContext,
  actor: Actor,
  domain: string,
  given: SpaceChanges,
): Promise<UpdatedSpace> {
  const fields = asMeant(given);
  const known = context.spaces.findByDomain(domain);
  // Before the fields are checked, so that a form with a mistake keeps the field for the password.
  if (known !== undefined) askAboutSpace({ actor, at: context.now() }, known, fields);
  checkSpaceFields(known === undefined ? fields : withoutUnchanged(fields, known));
  return changeSpaces(context, actor, { domain, ...fields }, async (tx, by) =>
    updateSpaceIn(tx, by, await getSpace(tx, domain), fields),
  );
}

/**
 * Changes the settings like `updateSpace`, for a caller who manages the space. Throws `not-allowed` if only super
 * administrators may change one of the settings and the caller is not one.
 */
export async function updateSpaceFor(
  context: SpaceContext,
  caller: Caller,
  { domain }: Space,
  changes: SpaceChanges,
): Promise<UpdatedSpace> {
  requireSettable(caller, changes);
  return updateSpace(context, actorOf(caller), domain, changes);
}

/** Changes the space in a transaction of `changeSpaces`. The fields must have been checked. */
export async function updateSpaceIn(
  tx: Transaction,
  by: By,
  space: Space,
  { confirm = false, ...fields }: SpaceChanges,
): Promise<UpdatedSpace> {
  askAboutSpace(by, space, fields);
  const renamed = applyChanges(space, fields.domain === undefined ? {} : { domain: fields.domain });
  const changed = applyChanges(space, fields);
  requireCompleteTurn(changed);
  const isRenamed = changed.domain !== space.domain;
  const realm = changed.realm ?? changed.domain;
  if (!isRenamed && realm !== space.effectiveRealm && !confirm)
    throw new AppError('confirmation-needed', { what: 'realm', realm });
  const names = changedSettings(renamed, changed);
  if (!isRenamed && names.length === 0) return { space, passwordsEnded: [] };
  const save = async (): Promise<UpdatedSpace> => {
    const passwordsEnded = isRenamed ? await renameSpaceIn(tx, by, space, { changed, confirmed: confirm }) : [];
    if (names.length > 0) {
      const detail = { domain: changed.domain, fields: names.join(', ') };
      await recordEvent(tx, { ...by, kind: 'space-changed', spaceId: space.id, accountId: null, detail });
    }
    if (changed.linphonerc !== space.linphonerc) await insertVersion(tx, space.id, changed.linphonerc, by);
    return { space: await updateSpaceRow(tx, space.id, changed, by.at), passwordsEnded };
  };
  if (!space.super || changed.super) return save();
  await requireAnotherSuperSpace(tx, space);
  return keepingAnAdministrator(tx, save);
}

export async function requireAnotherSuperSpace(tx: Transaction, space: Space): Promise<void> {
  const others = (await listSpaces(tx)).filter((each) => each.super && each.id !== space.id);
  if (others.length === 0) throw new AppError('conflict', { why: 'only-super-space' });
}
