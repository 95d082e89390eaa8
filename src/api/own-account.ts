import { type Static, Type } from 'typebox';
import { issueUserKey } from '../access/api-keys.ts';
import type { Caller } from '../access/caller.ts';
import { changePassword } from '../access/change-password.ts';
import { checkPassword } from '../accounts/account-fields.ts';
import { deleteAccount } from '../administration/manage-accounts.ts';
import type { App } from '../app.ts';
import { oneself } from '../events/event.ts';
import { type Route, route } from '../http/route.ts';
import { accountAnswer, accountJson } from '../views/account.ts';
import { changing } from './changing-account.ts';
import { freshToken } from './fresh-token.ts';
import { addressOf } from './lookup.ts';
import { sendKey } from './send-key.ts';

const passwordBody = Type.Object(
  {
    old_password: Type.String({ minLength: 1, maxLength: 1000 }),
    password: Type.String({ minLength: 1, maxLength: 1000 }),
    algorithm: Type.Optional(
      Type.Enum(['SHA-256', 'MD5'], { description: 'The only one to keep; without it those it has.' }),
    ),
  },
  { additionalProperties: false },
);

export const ownAccountRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/accounts/me',
    caller: 'holder',
    summary: "The caller's own account",
    answer: accountAnswer,
    handle: ({ caller }) => accountJson(caller.account, caller.space),
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/me',
    caller: 'holder',
    summary: "Delete the caller's own account",
    async handle({ app, caller }) {
      return changing(app, caller, oneself, async (db, { account }) => {
        await deleteAccount(db, account);
        return {};
      });
    },
  }),
  route({
    method: 'POST',
    path: '/api/accounts/me/password',
    caller: 'holder',
    summary: "Change the caller's own password",
    body: passwordBody,
    answer: accountAnswer,
    handle: ({ app, caller, body }) => setPassword(app, caller, body),
  }),
  provisionRoute('POST'),
  provisionRoute('GET'),
  route({
    method: 'GET',
    path: '/api/accounts/me/api_key',
    caller: 'holder',
    changes: true,
    summary: "An API key with a user's rights, as bare text and as a cookie; it ends when unused for 60 minutes",
    async handle({ app, caller, request, reply }) {
      const bound = caller.space.bindKeysToAddress ? addressOf(request) : null;
      const { key } = await issueUserKey(app.database, caller.account, bound, app.now());
      return sendKey(app, reply, key);
    },
  }),
];

function provisionRoute(method: 'GET' | 'POST'): Route {
  return route({
    method,
    path: '/api/accounts/me/provision',
    caller: 'holder',
    changes: true,
    summary: "Issue a provisioning token for the caller's own account; older ones end",
    answer: accountAnswer,
    handle: ({ app, caller }) => freshToken(app, caller, oneself),
  });
}

async function setPassword(app: App, caller: Caller, body: Static<typeof passwordBody>) {
  checkPassword('password', body.password, caller.space);
  const changed = await changing(app, caller, oneself, (db) =>
    changePassword(db, caller.account.id, caller.space, {
      oldPassword: body.old_password,
      password: body.password,
      algorithm: body.algorithm,
      now: app.now(),
    }),
  );
  return accountJson(changed, caller.space);
}
