import { clientOf, provisioningRequest } from '../http/client-facts.ts';
import { endpoint } from '../http/route.ts';
import { sendXml } from '../http/sent.ts';
import { watchAnswer } from '../http/watch-answer.ts';
import { fetchOwnDocument } from '../provisioning/fetch-own-document.ts';

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
    request.answeredWith = fetched.watcher === undefined ? 'account' : 'ending';
    if (fetched.watcher !== undefined) watchAnswer(reply, fetched.watcher);
    return sendXml(reply, fetched.document);
  },
});

export const headOfOwnDocument = endpoint({
  summary: 'The same without a body; no hook runs',
  forDevices: true,
  handle: ({ reply }) => sendXml(reply),
});
