import { clientOf, provisioningRequest } from '../http/client-facts.ts';
import { endpoint } from '../http/route.ts';
import { sendXml } from '../http/sent.ts';
import { watchAnswer } from '../http/watch-answer.ts';
import { fetchOwnDocument } from '../provisioning/fetch-own-document.ts';

export const showOwnDocument = endpoint({
  summary: "The configuration of a phone with the caller's own account, every time",
  description:
    'A phone that was given a key sends it as `x-device-key`, and is never challenged; another says which device it is ' +
    'by `?device=`. A revoked device gets, once, a document that takes its account away; then 403.',
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
  summary: 'The same without its body; no hook runs',
  forDevices: true,
  handle: ({ reply }) => sendXml(reply),
});
