import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { Device } from '../access/device-store.ts';
import type { App } from '../app.ts';
import { ownDocument } from '../provisioning/build-document.ts';
import { deviceEvent } from '../provisioning/devices.ts';
import { endingDocument } from '../provisioning/ending-document.ts';
import type { Client } from '../provisioning/token.ts';
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
