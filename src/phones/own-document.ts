import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Caller } from '../access/caller.ts';
import type { App } from '../app.ts';
import { refuseDevice } from '../devices/refuse-device.ts';
import { AppError } from '../errors.ts';
import { clientOf, hasProvisioningHeader, provisioningRequest } from '../http/client-facts.ts';
import { endpoint } from '../http/route.ts';
import { sendXml } from '../http/sent.ts';
import { watchAnswer } from '../http/watch-answer.ts';
import { fetchOwnDocument } from '../provisioning/fetch-own-document.ts';

const deviceQuery = Type.Object({
  device: Type.Optional(Type.String({ description: 'Names the device, as `misc/config-uri` of its document does.' })),
});

export const showOwnDocument = endpoint({
  summary: "Get the caller's own account document, any number of times",
  description:
    'A phone names its device with `?device=`. If it has a device key, it sends that as `x-device-key` and is never ' +
    'challenged; the key is good only together with `?device=`. A phone that sends `From` gets 403 if that is another ' +
    'account. A revoked device gets, whenever it asks, a document that removes its account. From all others, a space may ' +
    'require the header `X-Linphone-Provisioning`, and answers 400 without it.',
  produces: ['application/xml'],
  readsQuery: deviceQuery,
  forDevices: true,
  async handle({ app, caller, request, reply }) {
    requireHeader(app, caller, request);
    const { device } = request;
    const fetched = await fetchOwnDocument(app, {
      caller,
      device,
      request: provisioningRequest(request),
      client: clientOf(request),
      abandoned: () => request.raw.destroyed,
    });
    request.answeredWith = fetched.isEnding ? 'ending' : 'account';
    if (fetched.watcher !== undefined) watchAnswer(reply, fetched.watcher);
    return sendXml(reply, fetched.document);
  },
});

export const headOfOwnDocument = endpoint({
  summary: 'The same without a body; no hook runs',
  forDevices: true,
  handle({ app, caller, request, reply }) {
    requireHeader(app, caller, request);
    return sendXml(reply);
  },
});

/** Throws for a request without the provisioning header if the caller's space requires it. */
function requireHeader(app: App, { by, space }: Caller, request: FastifyRequest): void {
  // A revoked device is told to forget the account, whatever it sends.
  if (by === 'device-address' || !space.requireProvisioningHeader || hasProvisioningHeader(request)) return;
  const { device } = request;
  if (device !== undefined) throw refuseDevice(app, device, clientOf(request), 'header-missing');
  throw new AppError('provisioning-header-missing', {});
}
