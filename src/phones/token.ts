import { AppError } from '../errors.ts';
import { clientOf, hasProvisioningHeader, provisioningRequest, queryHas, spaceOf } from '../http/client-facts.ts';
import { openEndpoint } from '../http/route.ts';
import { type Sent, sendXml } from '../http/sent.ts';
import { watchAnswer } from '../http/watch-answer.ts';
import { redeemToken } from '../provisioning/redeem-token.ts';
import { getValidToken, refuseWithoutHeader } from '../provisioning/visit-token.ts';
import { sendBase } from './base-document.ts';
import { resetPasswordQuery } from './qr-code.ts';
import { type CodePages, type TokenRequest, turnAway, visitOf } from './turn-away.ts';
import { visitorOf } from './visitor.ts';

/** A phone gets its configuration, and a browser or link scanner a page. */
const produces = ['application/xml', 'text/html'];

/** Returns the endpoints that use up a token if a phone requests them. */
export function tokenEndpoints(pages: CodePages) {
  return {
    redeem: openEndpoint({
      params: ['token'],
      summary: 'Get the account document of a token; uses up the token',
      description:
        'A valid token works once. It activates the account and, with `reset_password` in the query, sets a new password. ' +
        'For any other token, the answer is that of `/provisioning`, or 404 if `unknown_token` of the space is `not-found`. ' +
        'Browsers, link scanners and link previews do not use up a token.',
      produces,
      readsQuery: resetPasswordQuery,
      handle: ({ params, ...input }) => answerToken(pages, { ...input, kind: 'provisioning', token: params.token }),
    }),
    head: openEndpoint({
      params: ['token'],
      summary: 'The same without a body; does not use up the token',
      handle: ({ params, ...input }) => headOfToken(pages, { ...input, kind: 'provisioning', token: params.token }),
    }),
    redeemAuth: openEndpoint({
      params: ['authToken'],
      summary: 'Get the account document of an attached auth token; uses up the token',
      description: 'Any other auth token gets 404.',
      produces,
      handle: ({ params, ...input }) => answerToken(pages, { ...input, kind: 'auth', token: params.authToken }),
    }),
    headAuth: openEndpoint({
      params: ['authToken'],
      summary: 'The same without a body; does not use up the token',
      handle: ({ params, ...input }) => headOfToken(pages, { ...input, kind: 'auth', token: params.authToken }),
    }),
  };
}

async function answerToken(pages: CodePages, asked: TokenRequest): Promise<Sent> {
  const { app, kind, token, request, reply } = asked;
  const arrivedAt = app.steadyNow();
  const visitor = visitorOf(request.headers);
  if (visitor.gets !== 'account') return turnAway(pages, visitor, asked);
  await requireHeader(asked);
  const redeemed = await redeemToken(app, {
    kind,
    token,
    resetPassword: kind === 'provisioning' && queryHas(request, 'reset_password'),
    client: clientOf(request),
    arrivedAt,
    request: provisioningRequest(request),
    abandoned: () => request.raw.destroyed,
  });
  if (redeemed === undefined) return sendUnknown(asked);
  watchAnswer(reply, app.deliveries.watcherOf(redeemed.claim));
  request.answeredWith = 'account';
  return sendXml(reply, redeemed.document);
}

async function headOfToken(pages: CodePages, asked: TokenRequest): Promise<Sent> {
  const { request, reply } = asked;
  const visitor = visitorOf(request.headers);
  if (visitor.gets !== 'account') return turnAway(pages, visitor, asked);
  await requireHeader(asked);
  if (isHidden(asked)) await getValidToken(asked.app, visitOf(asked));
  return sendXml(reply);
}

function sendUnknown(asked: TokenRequest): Sent | Promise<Sent> {
  if (isHidden(asked)) throw new AppError('not-found', { what: 'code' });
  return sendBase(asked, spaceOf(asked.app, asked.request));
}

/** Returns whether an invalid token is answered with 404 instead of the base document. */
function isHidden({ app, kind, request }: TokenRequest): boolean {
  return kind === 'auth' || spaceOf(app, request).unknownToken === 'not-found';
}

async function requireHeader(asked: TokenRequest): Promise<void> {
  const { app, request } = asked;
  if (!hasProvisioningHeader(request)) await refuseWithoutHeader(app, visitOf(asked), spaceOf(app, request));
}
