import { type Route, route } from '../http/route.ts';
import { send } from '../http/sent.ts';
import { answerOwner } from './own-document.ts';
import { spaceOf } from './provisioning-request.ts';
import { sendQrCode } from './show-token.ts';
import { answerToken, headOfToken, requireProvisioningHeader, sendBase, xml } from './token.ts';

export const provisioningRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/provisioning',
    caller: 'anyone',
    produces: ['application/xml'],
    summary: 'The configuration of a phone without an account',
    handle: ({ app, request, reply }) => sendBase(app, spaceOf(app, request), request, reply),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning',
    caller: 'anyone',
    summary: 'The same without its body; no hook runs',
    handle: ({ app, request, reply }) => {
      requireProvisioningHeader(spaceOf(app, request), request);
      return send(xml(reply));
    },
  }),
  route({
    method: 'GET',
    path: '/provisioning/:token',
    caller: 'anyone',
    produces: ['application/xml'],
    summary: 'The configuration of a phone with the account that the token stands for; uses the token up',
    description:
      'A valid token is answered once, activates the account and, with `reset_password` in the query, sets a new password. ' +
      'Any other token is answered like `/provisioning`. Browsers, link scanners and link previews use nothing up.',
    handle: ({ app, params, request, reply }) => answerToken(app, 'provisioning', params.token, request, reply),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/:token',
    caller: 'anyone',
    summary: 'The same without its body; uses nothing up',
    handle: ({ app, params, request, reply }) => headOfToken(app, 'provisioning', params.token, request, reply),
  }),
  route({
    method: 'GET',
    path: '/provisioning/qrcode/:token',
    caller: 'anyone',
    produces: ['image/png', 'image/svg+xml'],
    summary: 'The QR code of a valid token, as PNG or, with `format=svg`, as SVG; uses nothing up',
    description: 'The address in the code also stands in `X-Qrcode-URL`. `size`: the width in pixels, 100 to 2000.',
    handle: ({ app, params, request, reply }) => sendQrCode(app, params.token, request, reply),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/qrcode/:token',
    caller: 'anyone',
    summary: 'The same without its body',
    handle: ({ app, params, request, reply }) => sendQrCode(app, params.token, request, reply),
  }),
  route({
    method: 'GET',
    path: '/provisioning/me',
    caller: 'user',
    produces: ['application/xml'],
    summary: "The configuration of a phone with the caller's own account, every time",
    description:
      'A phone that was given a key sends it as `x-device-key`, and is never challenged; another says which device it is ' +
      'by `?device=`. A revoked device gets, once, a document that takes its account away; then 403.',
    forDevices: true,
    handle: ({ app, caller, request, reply }) => answerOwner(app, caller, request, reply),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/me',
    caller: 'user',
    summary: 'The same without its body; no hook runs',
    forDevices: true,
    handle: ({ reply }) => send(xml(reply)),
  }),
  route({
    method: 'GET',
    path: '/provisioning/auth_token/:authToken',
    caller: 'anyone',
    produces: ['application/xml'],
    summary: 'The configuration of a phone with the account that an attached auth token stands for; uses it up',
    handle: ({ app, params, request, reply }) => answerToken(app, 'auth', params.authToken, request, reply),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/auth_token/:authToken',
    caller: 'anyone',
    summary: 'The same without its body; uses nothing up',
    handle: ({ app, params, request, reply }) => headOfToken(app, 'auth', params.authToken, request, reply),
  }),
];
