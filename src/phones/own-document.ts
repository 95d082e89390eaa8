import { Type } from 'typebox';
import { clientOf, provisioningRequest } from '../http/client-facts.ts';
import { endpoint } from '../http/route.ts';
import { sendXml } from '../http/sent.ts';
import { watchAnswer } from '../http/watch-answer.ts';
import { fetchOwnDocument } from '../provisioning/fetch-own-document.ts';

const deviceQuery = Type.Object({
  device: Type.Optional(Type.String({ description: 'Names the device, as `misc/config-uri` of its document does.' })),
});

export const showOwnDocument = endpoint({
  summary: "Get the configuration of a phone with the caller's own account, any number of times",
  description:
    'A phone names its device with `?device=`. If it has a device key, it sends that as `x-device-key` and is never ' +
    'challenged; the key is good only together with `?device=`. A phone that sends `From` gets 403 if that is another ' +
    'account. A revoked device gets, whenever it asks, a document that removes its account.',
  produces: ['application/xml'],
  readsQuery: deviceQuery,
  forDevices: true,
  async handle({ app, caller, request, reply }) {
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
  handle: ({ reply }) => sendXml(reply),
});
