import { askAboutSpace } from '../access/password-question.ts';
import type { Actor } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import { changeSpaces, type SpaceContext } from '../spaces/change-spaces.ts';
import { insertVersion } from '../spaces/linphonerc-version-store.ts';
import { defaultSettings } from '../spaces/setting-values.ts';
import type { Space } from '../spaces/space.ts';
import { applyChanges, asMeant, checkSpaceFields, type NewSpace } from '../spaces/space-fields.ts';
import { insertSpace } from '../spaces/space-store.ts';
import { requireCompleteTurn } from '../spaces/turn.ts';

export async function createSpace(context: SpaceContext, actor: Actor, given: NewSpace): Promise<Space> {
  askAboutSpace({ actor, at: context.now() }, undefined, given);
  const fields = asMeant(given);
  checkSpaceFields(fields);
  const settings = applyChanges(defaultSettings(fields.domain), fields);
  requireCompleteTurn(settings);
  return changeSpaces(context, actor, fields, async (tx, by) => {
    const space = await insertSpace(tx, settings, by.at);
    if (space.linphonerc !== '') await insertVersion(tx, space.id, space.linphonerc, by);
    const detail = { domain: space.domain };
    await recordEvent(tx, { ...by, kind: 'space-created', spaceId: space.id, accountId: null, detail });
    return space;
  });
}
