import { actorOf, type Caller } from '../access/caller.ts';
import { requireSettable } from '../access/managed-account.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { requireShape } from '../lib/check-shape.ts';
import { changeSpaces, getSpace, type SpaceContext } from '../spaces/change-spaces.ts';
import { findNewestNumber } from '../spaces/linphonerc-version-store.ts';
import { getLinphonercVersion } from '../spaces/linphonerc-versions.ts';
import type { Space } from '../spaces/space.ts';
import { checkSpaceFields, spaceChangesShape } from '../spaces/space-fields.ts';
import { type UpdatedSpace, updateSpaceIn } from './update-space.ts';

export interface ReviewedText {
  readonly linphonerc: string;
  /** The number of the version with which the person compared the text, 0 if there was none. */
  readonly base?: string | undefined;
}

/**
 * Publishes a linphonerc text of a space that the caller manages. Throws `conflict` if the space has had another text
 * since `base`, because publishing would undo it unseen. Does nothing if the space has this text now.
 */
export async function publishLinphonerc(
  context: SpaceContext,
  caller: Caller,
  { domain }: Space,
  reviewed: ReviewedText,
): Promise<UpdatedSpace> {
  requireSettable(caller, reviewed);
  return publishAs(context, actorOf(caller), domain, reviewed);
}

async function publishAs(
  context: SpaceContext,
  actor: Actor,
  domain: string,
  { linphonerc, base }: ReviewedText,
): Promise<UpdatedSpace> {
  checkSpaceFields(requireShape(spaceChangesShape, { linphonerc }));
  return changeSpaces(context, actor, { domain }, async (tx, by) => {
    const space = await getSpace(tx, domain);
    if (base !== undefined && space.linphonerc !== linphonerc) {
      const newest = await findNewestNumber(tx, space.id);
      if (base !== String(newest)) throw new AppError('conflict', { why: 'published-meanwhile' });
    }
    return updateSpaceIn(tx, by, space, { linphonerc });
  });
}

/** An earlier version of a text that a person decided to publish again. */
export interface ReviewedVersion {
  readonly number: string;
  /** As in `ReviewedText`. */
  readonly base?: string | undefined;
}

/**
 * Publishes an earlier linphonerc text of a space again as its newest version, like `publishLinphonerc`. Throws
 * `not-found` if the space has no version with this number.
 */
export async function restoreLinphonercFor(
  context: SpaceContext,
  caller: Caller,
  space: Space,
  { number, base }: ReviewedVersion,
): Promise<UpdatedSpace> {
  const { text } = await getLinphonercVersion(context, space, number);
  return publishLinphonerc(context, caller, space, { linphonerc: text, base });
}

/** Publishes an earlier text like `restoreLinphonercFor`, for an actor who may change every setting. */
export async function restoreLinphonerc(
  context: SpaceContext,
  actor: Actor,
  space: Space,
  number: string,
): Promise<UpdatedSpace> {
  const { text } = await getLinphonercVersion(context, space, number);
  return publishAs(context, actor, space.domain, { linphonerc: text });
}
