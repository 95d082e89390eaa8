import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { Device } from '../access/device-store.ts';
import type { App } from '../app.ts';
import { ownDocument } from '../provisioning/build-document.ts';
import { endingDocument } from '../provisioning/ending-document.ts';
import { xml } from './answer-token.ts';
import { clientOf, provisioningRequest } from './provisioning-request.ts';
import { type Sent, send } from './sent.ts';

/** The caller's own document; a revoked device's gets the last one. */
export async function answerOwner(
  app: App,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  const { space, account } = caller;
  const { device } = request;
  if (device !== undefined && device.revokedAt !== null) return endDevice(app, caller, device, reply);
  if (device === undefined)
    return send(xml(reply), await ownDocument(app, space, account, provisioningRequest(request)));
  const address = device.publicId === null ? undefined : { publicId: device.publicId };
  const document = await ownDocument(app, space, account, provisioningRequest(request), address);
  const algorithms = account.ha1s.map(({ algorithm }) => algorithm);
  app.deviceUses.record(device, { ...clientOf(request), algorithms, at: app.now() });
  return send(xml(reply), document);
}

/** Until this has been handed over it is answered again: a lost answer must not keep the phone registered. */
function endDevice(app: App, { space, account }: Caller, device: Device, reply: FastifyReply): Sent {
  reply.raw.once('finish', () => app.deviceUses.ended(device, app.now()));
  return send(xml(reply), endingDocument(app, space, account));
}
