import { Type } from 'typebox';
import { deleteApiKey, findApiKeyById, listApiKeys } from '../access/api-key-store.ts';
import { issueNamedKey, keyExpiry, newKeyShape } from '../access/api-keys.ts';
import { type Route, route } from '../http/route.ts';
import { nullable } from '../lib/check-shape.ts';
import { apiKeyJson } from '../views/api-key.ts';
import { managedAccount, requireFound } from './lookup.ts';

const keyAnswer = Type.Object({
  id: Type.Integer(),
  name: nullable(Type.String()),
  rights: Type.Enum(['user', 'account']),
  created_at: Type.String({ format: 'date-time' }),
  last_used_at: Type.String({ format: 'date-time' }),
  expires_at: nullable(Type.String({ format: 'date-time' })),
});

export const apiKeyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/accounts/:id/api_keys',
    caller: 'admin',
    summary: 'The API keys of an account, without their secrets',
    answer: Type.Array(keyAnswer),
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      return (await listApiKeys(app.database, account.id)).map(apiKeyJson);
    },
  }),
  route({
    method: 'POST',
    path: '/api/accounts/:id/api_keys',
    caller: 'admin',
    summary: "Make a named API key with all of the account's rights; it is shown this once",
    body: newKeyShape,
    answer: Type.Object({ ...keyAnswer.properties, api_key: Type.String() }),
    async handle({ app, caller, params, body }) {
      const { account } = await managedAccount(app, caller, params.id);
      const now = app.now();
      const expiresAt = keyExpiry(body.expires, now);
      const db = app.database;
      const { id, key } = await issueNamedKey(db, account, { name: body.name ?? null, expiresAt }, now);
      const stored = requireFound(await findApiKeyById(db, id), 'The key is gone.');
      return { ...apiKeyJson(stored), api_key: key };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:id/api_keys/:keyId',
    caller: 'admin',
    summary: 'Revoke an API key',
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      const id = /^\d{1,9}$/.test(params.keyId) ? Number(params.keyId) : 0;
      requireFound((await deleteApiKey(app.database, id, account.id)) || undefined, 'There is no such key.');
      return {};
    },
  }),
];
