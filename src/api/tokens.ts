import { Type } from 'typebox';
import { actorOf, type Caller } from '../access/caller.ts';
import { managedAccount } from '../access/managed-account.ts';
import type { App } from '../app.ts';
import { readOnlyFields, withoutReadOnly } from '../http/read-only-fields.ts';
import { endpoint } from '../http/route.ts';
import { maxListed } from '../lib/max-listed.ts';
import { extendToken as extend } from '../tokens/extend-token.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { getToken, listTokens as list } from '../tokens/list-tokens.ts';
import { revokeToken as revoke } from '../tokens/revoke-token.ts';
import { expiryShape, type WishedExpiry } from '../tokens/token-expiry.ts';
import { accountAnswer, accountJsonWith } from '../views/account.ts';
import { tokenAnswer, tokenJson } from '../views/token.ts';

const provisioning = {
  params: ['id'],
  changes: true,
  summary: 'Issue a new provisioning token; revokes the older ones',
  conflicts: true,
  answer: accountAnswer,
} as const;

export const provisionAccount = endpoint({
  ...provisioning,
  body: expiryShape,
  handle: ({ app, caller, params, body }) => provision(app, caller, params.id, body),
});

/** Issues a token by GET, which has no body and so no expiry. */
export const provisionAccountByGet = endpoint({
  ...provisioning,
  description: 'Takes no body: the token gets the default lifetime.',
  handle: ({ app, caller, params }) => provision(app, caller, params.id, {}),
});

async function provision(app: App, caller: Caller, id: string, wish: WishedExpiry) {
  const found = await managedAccount(app, caller, id);
  return accountJsonWith(await issueToken(app, actorOf(caller), found, wish), app.publicUrl, found);
}

export const listTokens = endpoint({
  params: ['id'],
  summary: 'List the provisioning tokens of an account, without their secrets, the newest first',
  description: `At most the newest ${maxListed}.`,
  answer: Type.Array(tokenAnswer),
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return (await list(app, account)).map((token) => tokenJson(token, app.now()));
  },
});

const readOnly = readOnlyFields(tokenAnswer, expiryShape);

export const extendToken = endpoint({
  params: ['id', 'tokenId'],
  summary: 'Change the expiry of a token that is neither used nor revoked; by default to that of a new token',
  body: Type.Object({ ...readOnly, ...expiryShape.properties }, { additionalProperties: false, title: 'TokenChanges' }),
  conflicts: true,
  answer: tokenAnswer,
  async handle({ app, caller, params, body }) {
    const found = await managedAccount(app, caller, params.id);
    const shown = tokenJson(await getToken(app, found.account, params.tokenId), app.now());
    const wish: WishedExpiry = withoutReadOnly(body, readOnly, shown);
    return tokenJson(await extend(app, actorOf(caller), found, { id: params.tokenId, wish }), app.now());
  },
});

export const revokeToken = endpoint({
  params: ['id', 'tokenId'],
  summary: 'Revoke a provisioning token',
  answer: tokenAnswer,
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return tokenJson(await revoke(app, actorOf(caller), account, params.tokenId), app.now());
  },
});
