import { AppError } from '../errors.ts';
import { clientOf, hasProvisioningHeader, provisioningRequest, queryHas, spaceOf } from '../http/client-facts.ts';
import { openEndpoint } from '../http/route.ts';
import { type Sent, sendXml } from '../http/sent.ts';
import { watchAnswer } from '../http/watch-answer.ts';
import { redeemToken } from '../provisioning/redeem-token.ts';
import { getValidToken, refuseWithoutHeader } from '../provisioning/visit-token.ts';
import { sendBase } from './base-document.ts';
import type { CodePages } from './pages.ts';
import { type TokenRequest, visitOf } from './token-request.ts';
import { turnAway } from './turn-away.ts';
import { visitorOf } from './visitor.ts';

/** The endpoints that use a token up for a phone, and for nobody else. */
export function tokenEndpoints(pages: CodePages) {
  return {
    redeem: openEndpoint({
      params: ['token'],
      summary: 'The configuration of a phone with the account that the token stands for; uses the token up',
      description:
        'A valid token is answered once, activates the account and, with `reset_password` in the query, sets a new password. ' +
        'Any other token is answered like `/provisioning`. Browsers, link scanners and link previews use nothing up.',
      produces: ['application/xml'],
      handle: ({ params, ...input }) => answerToken(pages, { ...input, kind: 'provisioning', token: params.token }),
    }),
    head: openEndpoint({
      params: ['token'],
      summary: 'The same without its body; uses nothing up',
      handle: ({ params, ...input }) => headOfToken(pages, { ...input, kind: 'provisioning', token: params.token }),
    }),
    redeemAuth: openEndpoint({
      params: ['authToken'],
      summary: 'The configuration of a phone with the account that an attached auth token stands for; uses it up',
      produces: ['application/xml'],
      handle: ({ params, ...input }) => answerToken(pages, { ...input, kind: 'auth', token: params.authToken }),
    }),
    headAuth: openEndpoint({
      params: ['authToken'],
      summary: 'The same without its body; uses nothing up',
      handle: ({ params, ...input }) => headOfToken(pages, { ...input, kind: 'auth', token: params.authToken }),
    }),
  };
}

async function answerToken(pages: CodePages, asked: TokenRequest): Promise<Sent> {
  const { app, kind, token, request, reply } = asked;
  const visitor = visitorOf(request.headers);
  if (visitor.gets !== 'account') return turnAway(pages, visitor, asked);
  await requireHeader(asked);
  const redeemed = await redeemToken(app, {
    kind,
    token,
    resetPassword: kind === 'provisioning' && queryHas(request, 'reset_password'),
    client: clientOf(request),
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
  const { app, request, reply } = asked;
  if (isHidden(asked)) throw new AppError('not-found', { what: 'code' });
  return sendBase(app, spaceOf(app, request), request, reply);
}

/** Whether a token that is not valid is answered by 404 rather than by the base document. */
function isHidden({ app, kind, request }: TokenRequest): boolean {
  return kind === 'auth' || spaceOf(app, request).unknownToken === 'not-found';
}

async function requireHeader(asked: TokenRequest): Promise<void> {
  const { app, request } = asked;
  if (!hasProvisioningHeader(request)) await refuseWithoutHeader(app, visitOf(asked), spaceOf(app, request));
}
