import { Type } from 'typebox';
import { actorOf } from '../access/actor-of-caller.ts';
import { invalidFields } from '../errors.ts';
import { type Route, route } from '../http/route.ts';
import { extendToken, revokeTokenOf } from '../tokens/manage-tokens.ts';
import { expiryShape, wishedExpiry } from '../tokens/token-expiry.ts';
import { listTokens } from '../tokens/token-list-store.ts';
import { accountAnswer } from '../views/account.ts';
import { tokenAnswer, tokenJson } from '../views/token.ts';
import { freshToken } from './fresh-token.ts';
import { managedAccount } from './lookup.ts';

export const tokenRoutes: readonly Route[] = [
  provisionRoute('POST'),
  provisionRoute('GET'),
  route({
    method: 'GET',
    path: '/api/accounts/:id/tokens',
    caller: 'admin',
    summary: 'The provisioning tokens of an account, without their secrets, the newest first',
    answer: Type.Array(tokenAnswer),
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      return (await listTokens(app.database, account.id)).map((token) => tokenJson(token, app.now()));
    },
  }),
  route({
    method: 'PUT',
    path: '/api/accounts/:id/tokens/:tokenId',
    caller: 'admin',
    summary: 'Give a token that is neither used nor revoked another end',
    body: expiryShape,
    answer: tokenAnswer,
    async handle({ app, caller, params, body }) {
      const { account } = await managedAccount(app, caller, params.id);
      const now = app.now();
      const expiresAt = wishedExpiry(body, now);
      if (expiresAt === undefined) throw invalidFields({ lifetime: ['is required, or expires_at'] });
      const by = { actor: actorOf(caller), at: now };
      const work = app.database.transaction();
      return tokenJson(await work.execute((db) => extendToken(db, account, params.tokenId, expiresAt, by)), now);
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:id/tokens/:tokenId',
    caller: 'admin',
    summary: 'Revoke one provisioning token',
    answer: tokenAnswer,
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      const now = app.now();
      const by = { actor: actorOf(caller), at: now };
      const work = app.database.transaction();
      return tokenJson(await work.execute((db) => revokeTokenOf(db, account, params.tokenId, by)), now);
    },
  }),
];

function provisionRoute(method: 'GET' | 'POST'): Route {
  return route({
    method,
    path: '/api/accounts/:id/provision',
    caller: 'admin',
    changes: true,
    summary: 'Issue a fresh provisioning token; older ones end',
    ...(method === 'POST' ? { body: expiryShape } : {}),
    answer: accountAnswer,
    async handle({ app, caller, params, body }) {
      const managed = await managedAccount(app, caller, params.id);
      return freshToken(app, managed, actorOf(caller), method === 'POST' ? body : {});
    },
  });
}
