import { Type } from 'typebox';
import { createSpace, updateSpace } from '../administration/manage-spaces.ts';
import { removeSpace } from '../administration/remove-space.ts';
import type { App } from '../app.ts';
import { lintSpace } from '../documents/lint-space.ts';
import { type Route, route } from '../http/route.ts';
import { loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import type { Space } from '../spaces/space.ts';
import { newSpaceShape, spaceChangesShape } from '../spaces/space-fields.ts';
import { turnSecretShown } from '../spaces/turn-fields.ts';
import { findingShape } from '../views/finding.ts';
import { spaceJson } from '../views/space.ts';

const { confirm: _, turn_secret: __, ...settings } = spaceChangesShape.properties;
const spaceAnswer = Type.Object({
  id: Type.Integer(),
  ...settings,
  ...turnSecretShown,
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
  warnings: Type.Optional(
    Type.Array(findingShape, {
      description: "What the linter found in the space's linphonerc, where it found anything; not in lists.",
    }),
  ),
});

async function withWarnings(app: App, space: Space) {
  const warnings = lintSpace(space, app.linphonerc.document, await loadKeyCatalogue());
  return warnings.length === 0 ? spaceJson(space) : { ...spaceJson(space), warnings };
}

export const spaceRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/spaces',
    caller: 'super-admin',
    summary: 'All spaces',
    answer: Type.Array(spaceAnswer),
    handle: ({ app }) => app.spaces.all.map(spaceJson),
  }),
  route({
    method: 'POST',
    path: '/api/spaces',
    caller: 'super-admin',
    status: 201,
    summary: 'Make a space',
    body: newSpaceShape,
    answer: spaceAnswer,
    handle: async ({ app, body }) => withWarnings(app, await createSpace(app, body)),
  }),
  route({
    method: 'GET',
    path: '/api/spaces/:domain',
    caller: 'super-admin',
    summary: 'One space',
    answer: spaceAnswer,
    handle: ({ app, params }) => withWarnings(app, app.spaces.getByDomain(params.domain)),
  }),
  route({
    method: 'PUT',
    path: '/api/spaces/:domain',
    caller: 'super-admin',
    summary: 'Change a space; absent fields stay as they are',
    body: spaceChangesShape,
    query: Type.Object({ confirm: Type.Optional(Type.Enum(['true', 'false'])) }),
    answer: spaceAnswer,
    handle: async ({ app, params, body, query }) =>
      withWarnings(
        app,
        await updateSpace(app, params.domain, { ...body, confirm: body.confirm === true || query.confirm === 'true' }),
      ),
  }),
  route({
    method: 'DELETE',
    path: '/api/spaces/:domain',
    caller: 'super-admin',
    summary: 'Delete a space; one that has accounts only with `with_accounts=true`',
    query: Type.Object({ with_accounts: Type.Optional(Type.Enum(['true', 'false'])) }),
    async handle({ app, params, query }) {
      await removeSpace(app, params.domain, { withAccounts: query.with_accounts === 'true' });
      return {};
    },
  }),
];
