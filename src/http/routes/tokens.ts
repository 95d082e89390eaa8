import { type Static, Type } from 'typebox';
import { invalidFields } from '../../errors.ts';
import { parseDuration } from '../../lib/duration.ts';
import { extendToken, revokeTokenOf } from '../../provisioning/manage-tokens.ts';
import { listTokens } from '../../provisioning/token-list-store.ts';
import { managedAccount } from '../lookup.ts';
import { type Route, route } from '../route.ts';
import { tokenAnswer, tokenJson } from '../token-json.ts';

const extendBody = Type.Object(
  { lifetime: Type.String({ maxLength: 20, description: 'From now on: `90m`, `12h`, `7d`, or `0` for ever.' }) },
  { additionalProperties: false },
);

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/accounts/:id/tokens',
    caller: 'admin',
    summary: 'The provisioning tokens of an account, without their secrets, the newest first',
    answer: Type.Array(tokenAnswer),
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      return (await listTokens(app.database.db, account.id)).map((token) => tokenJson(token, app.now()));
    },
  }),
  route({
    method: 'PUT',
    path: '/api/accounts/:id/tokens/:tokenId',
    caller: 'admin',
    summary: 'Give a token that is neither used nor revoked another lifetime',
    body: extendBody,
    answer: tokenAnswer,
    async handle({ app, caller, params, body }) {
      const { account } = await managedAccount(app, caller, params.id);
      const now = app.now();
      const expiresAt = expiryOf(body, now);
      const work = app.database.db.transaction();
      return tokenJson(await work.execute((db) => extendToken(db, account.id, params.tokenId, expiresAt)), now);
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
      const work = app.database.db.transaction();
      return tokenJson(await work.execute((db) => revokeTokenOf(db, account.id, params.tokenId, now)), now);
    },
  }),
];

function expiryOf({ lifetime }: Static<typeof extendBody>, now: number): number | null {
  const milliseconds = parseDuration(lifetime);
  if (milliseconds === undefined)
    throw invalidFields({ lifetime: ['must be a duration such as 90m, 12h or 7d, or 0'] });
  return milliseconds === 0 ? null : now + milliseconds;
}
