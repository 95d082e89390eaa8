import { Type } from 'typebox';
import { type Route, route } from '../http/route.ts';
import { attachToCaller, issueAuthToken, redeemForKey } from '../tokens/auth-tokens.ts';
import { isoDate } from '../views/account.ts';
import { addressOf } from './lookup.ts';
import { sendKey } from './send-key.ts';

export const authTokenRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/accounts/auth_token',
    caller: 'anyone',
    status: 201,
    summary: 'A token by which a second device signs in once a signed-in one has attached it; 10 minutes',
    answer: Type.Object({ token: Type.String(), expires_at: Type.String({ format: 'date-time' }) }),
    async handle({ app }) {
      const { token, expiresAt } = await issueAuthToken(app);
      return { token, expires_at: isoDate(expiresAt) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts/auth_token/:authToken/attach',
    caller: 'user',
    changes: true,
    summary: "Let an auth token stand for the caller's account",
    async handle({ app, caller, params }) {
      await attachToCaller(app, caller, params.authToken);
      return {};
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts/me/api_key/:authToken',
    caller: 'anyone',
    changes: true,
    summary: "An API key with a user's rights for an attached auth token, which it uses up",
    async handle({ app, params, request, reply }) {
      const { key } = await redeemForKey(app, params.authToken, addressOf(request));
      return sendKey(app, reply, key);
    },
  }),
];
