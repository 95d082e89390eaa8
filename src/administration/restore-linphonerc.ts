import type { Actor } from '../events/actor.ts';
import type { SpaceContext } from '../spaces/change-spaces.ts';
import { getLinphonercVersion } from '../spaces/linphonerc-versions.ts';
import type { Space } from '../spaces/space.ts';
import { type UpdatedSpace, updateSpace } from './update-space.ts';

/**
 * Publishes an earlier linphonerc text of a space again as its newest version. Does nothing if the space has that text
 * now. Throws `not-found` if the space has no version with this number.
 */
export async function restoreLinphonerc(
  context: SpaceContext,
  actor: Actor,
  space: Space,
  number: string,
): Promise<UpdatedSpace> {
  const { text } = await getLinphonercVersion(context, space, number);
  return updateSpace(context, actor, space.domain, { linphonerc: text });
}
