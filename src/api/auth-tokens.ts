import { Type } from 'typebox';
import { endpoint, openEndpoint } from '../http/route.ts';
import {
  attachAuthToken as attach,
  issueAuthToken as issue,
  redeemAuthTokenForKey as redeem,
} from '../tokens/auth-tokens.ts';
import { isoDate } from '../views/iso-date.ts';
import { setKeyCookie } from './send-key.ts';

export const issueAuthToken = openEndpoint({
  status: 201,
  limited: true,
  summary:
    'Issue a token with which a second device signs in after a signed-in device has attached it; valid for 10 minutes',
  answer: Type.Object({ token: Type.String(), expires_at: Type.String({ format: 'date-time' }) }),
  async handle({ app, request }) {
    const { token, expiresAt } = await issue(app, request.sender.address);
    return { token, expires_at: isoDate(expiresAt) };
  },
});

export const attachAuthToken = endpoint({
  params: ['authToken'],
  changes: true,
  summary: "Attach an auth token to the caller's account",
  handle: ({ app, caller, params }) => attach(app, caller, params.authToken),
});

export const redeemAuthTokenForKey = openEndpoint({
  params: ['authToken'],
  changes: true,
  summary: "Exchange an attached auth token for an API key with a user's rights; the token works once",
  answer: Type.Object({ api_key: Type.String() }, { title: 'FetchedApiKey' }),
  async handle({ app, params, request, reply }) {
    const { secret } = await redeem(app, params.authToken, request.sender.address);
    setKeyCookie(app, reply, secret);
    return { api_key: secret };
  },
});
