import type { AccountInSpace } from '../accounts/account.ts';
import { deviceEvent } from '../devices/device-events.ts';
import type { Device } from '../devices/device-store.ts';
import type { DeviceUses } from '../devices/device-uses.ts';
import { ownDocument } from '../documents/build-document.ts';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { endingDocument } from '../documents/ending-document.ts';
import type { Client } from '../tokens/token.ts';
import type { ProvisioningContext } from './context.ts';
import type { Deliveries } from './deliveries.ts';

interface OwnContext extends ProvisioningContext {
  readonly deviceUses: DeviceUses;
}

export interface OwnFetch {
  readonly document: string;
  /** To be told how the answer ended. Absent if that changes nothing. */
  readonly watcher?: ReturnType<Deliveries['watcherOfEnding']>;
}

/** Returns the document of an authenticated account, or the ending document if its device is revoked. */
export async function fetchOwnDocument(
  context: OwnContext,
  { account, space }: AccountInSpace,
  device: Device | undefined,
  request: ProvisioningRequest,
  client: Client,
): Promise<OwnFetch> {
  const own = { account, space };
  if (device !== undefined && device.revokedAt !== null) return endDevice(context, own, device, client);
  const address = device === undefined || device.publicId === null ? undefined : { publicId: device.publicId };
  const document = await ownDocument(context, space, account, request, address);
  const at = context.now();
  if (device === undefined) {
    context.events.record({ at, kind: 'refetched', spaceId: space.id, accountId: account.id, ...client });
  } else {
    const algorithms = account.ha1s.map(({ algorithm }) => algorithm);
    context.deviceUses.record(device, { ...client, algorithms, at });
    context.events.record(deviceEvent('refetched', device, space.id, client, at));
  }
  return { document };
}

/**
 * Repeats the ending document until it has been delivered: if an answer is lost, the phone must not stay registered.
 */
function endDevice(context: OwnContext, { account, space }: AccountInSpace, device: Device, client: Client): OwnFetch {
  return {
    document: endingDocument(context, space, account),
    watcher: context.deliveries.watcherOfEnding((at) => {
      // The phone may have asked again before the first answer counted as delivered.
      if (context.deviceUses.hasEnded(device)) return;
      context.deviceUses.ended(device, at);
      context.events.keep(deviceEvent('device-ended', device, space.id, client, at));
    }),
  };
}
