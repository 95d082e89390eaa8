import { clientOf } from '../http/client-facts.ts';
import { endpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';
import { fetchOwnDocument } from '../provisioning/fetch-own-document.ts';
import { xml } from './base-document.ts';
import { provisioningRequest } from './provisioning-request.ts';

export const showOwnDocument = endpoint({
  summary: "Get the configuration of a phone with the caller's own account, any number of times",
  description:
    'A phone that has a device key sends it as `x-device-key` and is never challenged. Other phones name their device ' +
    'with `?device=`. A revoked device gets, once, a document that removes its account. After that, it gets 403.',
  produces: ['application/xml'],
  forDevices: true,
  async handle({ app, caller, request, reply }) {
    const { device } = request;
    const fetched = await fetchOwnDocument(app, caller, device, provisioningRequest(request), clientOf(request));
    request.answeredWith = fetched.delivered === undefined ? 'account' : 'ending';
    if (fetched.delivered !== undefined) reply.raw.once('finish', fetched.delivered);
    return send(xml(reply), fetched.document);
  },
});

export const headOfOwnDocument = endpoint({
  summary: 'The same without a body; no hook runs',
  forDevices: true,
  handle: ({ reply }) => send(xml(reply)),
});
