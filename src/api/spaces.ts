import { Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { createSpace as create } from '../administration/create-space.ts';
import { removeSpace } from '../administration/remove-space.ts';
import { updateSpace } from '../administration/update-space.ts';
import type { App } from '../app.ts';
import { lintSpace } from '../documents/lint-space.ts';
import { readOnlyFields, withoutReadOnly } from '../http/read-only-fields.ts';
import { endpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';
import { onceFor } from '../lib/once-for.ts';
import type { Space } from '../spaces/space.ts';
import { newSpaceShape, type SpaceChanges, spaceChangesShape } from '../spaces/space-fields.ts';
import { changedSpaceAnswer, changedSpaceJson, spaceAnswer, spaceJson, spaceJsonWith } from '../views/space.ts';

/** Large enough for programs that write each character of a linphonerc in six bytes (`\u00e9`). */
const maxBodyBytes = 5 * 1024 * 1024;

export const listSpaces = endpoint({
  summary: 'List all spaces',
  answer: Type.Array(spaceAnswer),
  handle: ({ app, reply }) => send(reply.header('content-type', 'application/json'), bytesOf(app.spaces.all)),
});

/** Cached until a space changes, because each space may have a long linphonerc. */
const bytesOf = onceFor((spaces: readonly Space[]) => Buffer.from(JSON.stringify(spaces.map(spaceJson))));

export const createSpace = endpoint({
  status: 201,
  summary: 'Create a space',
  body: newSpaceShape,
  maxBodyBytes,
  answer: spaceAnswer,
  handle: async ({ app, caller, body }) => withWarnings(app, await create(app, actorOf(caller), body)),
});

export const showSpace = endpoint({
  params: ['domain'],
  summary: 'Get a space',
  answer: spaceAnswer,
  handle: ({ app, params }) => withWarnings(app, app.spaces.getByDomain(params.domain)),
});

const readOnly = readOnlyFields(spaceAnswer, spaceChangesShape);

export const changeSpace = endpoint({
  params: ['domain'],
  summary: 'Change a space; absent fields stay as they are',
  description:
    'The `domain` can be changed with `confirm=true` until an account of the space has a device, a used code or an ' +
    'external account. Codes and API keys stay valid. If the realm changes with the domain, all ' +
    'passwords of its accounts end, and `passwords_ended` names the accounts: a phone that uses a code of such an account ' +
    'gets a new password. `realm` with the old domain in the same call keeps them.',
  body: Type.Object(
    { ...readOnly, ...spaceChangesShape.properties },
    { additionalProperties: false, title: 'SpaceChanges' },
  ),
  conflicts: true,
  maxBodyBytes,
  query: Type.Object({ confirm: Type.Optional(Type.Enum(['true', 'false'])) }),
  answer: changedSpaceAnswer,
  async handle({ app, caller, params, body, query }) {
    const space = app.spaces.getByDomain(params.domain);
    const shown = 'warnings' in body ? await withWarnings(app, space) : spaceJson(space);
    const changes: SpaceChanges = withoutReadOnly(body, readOnly, shown);
    const fields = { ...changes, confirm: changes.confirm === true || query.confirm === 'true' };
    const updated = await updateSpace(app, actorOf(caller), params.domain, fields);
    return changedSpaceJson(await lintSpace(updated.space, app.linphonerc.document), updated);
  },
});

export const deleteSpace = endpoint({
  params: ['domain'],
  summary: 'Delete a space; needs `with_accounts=true` if it has accounts',
  conflicts: true,
  query: Type.Object({ with_accounts: Type.Optional(Type.Enum(['true', 'false'])) }),
  handle: ({ app, caller, params, query }) =>
    removeSpace(app, actorOf(caller), params.domain, { withAccounts: query.with_accounts === 'true' }),
});

async function withWarnings(app: App, space: Space) {
  return spaceJsonWith(await lintSpace(space, app.linphonerc.document), space);
}
