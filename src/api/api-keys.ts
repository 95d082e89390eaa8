import { Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { grantApiKey, newKeyShape } from '../access/create-api-key.ts';
import { listApiKeys as listKeys, revokeApiKey as revokeKey } from '../access/manage-api-keys.ts';
import { managedAccount } from '../access/managed-account.ts';
import { endpoint } from '../http/route.ts';
import { maxListed } from '../lib/max-listed.ts';
import { apiKeyAnswer, apiKeyJson } from '../views/api-key.ts';

export const listApiKeys = endpoint({
  params: ['id'],
  summary: 'List the API keys of an account, without their secrets',
  description: `At most ${maxListed}: the newest that were created for it, and then the newest that its user fetched.`,
  answer: Type.Array(apiKeyAnswer),
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return (await listKeys(app, account)).map(apiKeyJson);
  },
});

export const createApiKey = endpoint({
  params: ['id'],
  summary: 'Create a named API key with all rights of the account; it is shown only once',
  body: newKeyShape,
  answer: Type.Object({ ...apiKeyAnswer.properties, api_key: Type.String() }, { title: 'NewApiKey' }),
  async handle({ app, caller, params, body }) {
    const { account } = await managedAccount(app, caller, params.id);
    const { key, secret } = await grantApiKey(app, caller, account, body);
    return { ...apiKeyJson(key), api_key: secret };
  },
});

export const revokeApiKey = endpoint({
  params: ['id', 'keyId'],
  summary: 'Revoke an API key',
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    await revokeKey(app, actorOf(caller), { account }, params.keyId);
  },
});
