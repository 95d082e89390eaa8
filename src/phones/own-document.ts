import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { Device } from '../devices/device-store.ts';
import { deviceEvent } from '../devices/devices.ts';
import { ownDocument } from '../documents/build-document.ts';
import { endingDocument } from '../documents/ending-document.ts';
import { type Sent, send } from '../http/sent.ts';
import type { Client } from '../tokens/token.ts';
import { clientOf, provisioningRequest } from './provisioning-request.ts';
import { xml } from './token.ts';

/** The caller's own document; a revoked device's gets the last one. */
export async function answerOwner(
  app: App,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  const { space, account } = caller;
  const { device } = request;
  const client = clientOf(request);
  if (device !== undefined && device.revokedAt !== null) return endDevice(app, caller, device, client, reply);
  if (device === undefined) {
    const document = await ownDocument(app, space, account, provisioningRequest(request));
    const { address, agent } = client;
    app.events.record({
      at: app.now(),
      kind: 'refetched',
      spaceId: space.id,
      accountId: account.id,
      address,
      agent,
    });
    return send(xml(reply), document);
  }
  const address = device.publicId === null ? undefined : { publicId: device.publicId };
  const document = await ownDocument(app, space, account, provisioningRequest(request), address);
  const algorithms = account.ha1s.map(({ algorithm }) => algorithm);
  const at = app.now();
  app.deviceUses.record(device, { ...client, algorithms, at });
  app.events.record(deviceEvent('refetched', device, space.id, client, at));
  return send(xml(reply), document);
}

/** Until this has been handed over it is answered again: a lost answer must not keep the phone registered. */
function endDevice(app: App, { space, account }: Caller, device: Device, client: Client, reply: FastifyReply): Sent {
  reply.raw.once('finish', () => {
    const at = app.now();
    app.deviceUses.ended(device, at);
    app.events.record(deviceEvent('device-ended', device, space.id, client, at));
  });
  return send(xml(reply), endingDocument(app, space, account));
}
