import { type Device, deviceEvent } from '../devices/device.ts';
import { findDevice } from '../devices/device-store.ts';
import type { CallingDevice } from '../devices/identify-device.ts';
import { accountDocumentEntries } from '../documents/build-document.ts';
import { endingDocument } from '../documents/ending-document.ts';
import { AppError } from '../errors.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import type { Client } from '../tokens/token.ts';
import { giveDocument, type OwnContext, type OwnFetch, type OwnRequest } from './give-document.ts';

const maxAttempts = 3;

/** Returns the document of an authenticated account, or the ending document if its device is revoked. */
export async function fetchOwnDocument(context: OwnContext, own: OwnRequest): Promise<OwnFetch> {
  const { device: calling, client } = own;
  if (calling === undefined) return { document: await documentWithoutDevice(context, own), isEnding: false };
  let device: Device | undefined = calling.device;
  for (let left = maxAttempts; left > 0 && device !== undefined; left -= 1) {
    if (device.revokedAt !== null) return endDevice(context, { ...calling, device }, client);
    const given = await giveDocument(context, own, { ...calling, device });
    if (given !== undefined) return given;
    device = await findDevice(context.database, calling.account.id, device.id);
  }
  throw new AppError('busy', {});
}

async function documentWithoutDevice(context: OwnContext, { caller, request, client }: OwnRequest): Promise<string> {
  const { account, space } = caller;
  const entries = await accountDocumentEntries(context, { account, space }, request);
  const document = writeDocument(entries);
  const at = context.now();
  context.fetched.note(account.id, entries, at);
  context.events.record({ at, kind: 'refetched', spaceId: space.id, accountId: account.id, ...client });
  return document;
}

/** Answers every request of a revoked device, because an answer may be lost without a sign. */
function endDevice(context: OwnContext, calling: CallingDevice, client: Client): OwnFetch {
  const { device, space } = calling;
  const { deviceUses, events, deliveries } = context;
  if (deviceUses.hasEnded(device)) {
    events.record(deviceEvent('ending-repeated', { device, spaceId: space.id, client, at: context.now() }));
  }
  return {
    document: endingDocument(context, calling, client.agent),
    isEnding: true,
    watcher: deliveries.watcherOfEnding((at) => {
      // The phone may have asked again before the first answer counted as delivered.
      if (deviceUses.hasEnded(device)) return;
      deviceUses.ended(device, at);
      events.keep(deviceEvent('device-ended', { device, spaceId: space.id, client, at }));
    }),
  };
}
