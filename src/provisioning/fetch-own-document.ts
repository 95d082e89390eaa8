import type { AccountInSpace } from '../accounts/account.ts';
import { deviceEvent } from '../devices/device-events.ts';
import type { Device } from '../devices/device-store.ts';
import type { DeviceUses } from '../devices/device-uses.ts';
import { ownDocument } from '../documents/build-document.ts';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { endingDocument } from '../documents/ending-document.ts';
import type { Client } from '../tokens/token.ts';
import type { ProvisioningContext } from './context.ts';

interface OwnContext extends ProvisioningContext {
  readonly deviceUses: DeviceUses;
}

export interface OwnFetch {
  readonly document: string;
  /** Call it once the document has been delivered. Absent if delivery changes nothing. */
  readonly delivered?: () => void;
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
    delivered: () => {
      const at = context.now();
      context.deviceUses.ended(device, at);
      context.events.record(deviceEvent('device-ended', device, space.id, client, at));
    },
  };
}
