import type { Caller } from '../access/caller.ts';
import { deviceEvent } from '../devices/device.ts';
import type { DeviceUses } from '../devices/device-uses.ts';
import { addGiven, formerExternals, withEnded } from '../devices/given-credentials.ts';
import { giftSteps } from '../devices/given-store.ts';
import type { CallingDevice } from '../devices/identify-device.ts';
import { keepsKey } from '../devices/issue-device.ts';
import { accountDocumentEntries, credentialsIn } from '../documents/build-document.ts';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { withoutFormerExternal } from '../documents/former-external.ts';
import { AppError } from '../errors.ts';
import { hashSecret, randomToken } from '../lib/random-token.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import type { Client } from '../tokens/token.ts';
import type { ProvisioningContext } from './context.ts';
import type { Deliveries } from './deliveries.ts';

export interface OwnContext extends ProvisioningContext {
  readonly deviceUses: DeviceUses;
}

export interface OwnRequest {
  readonly caller: Pick<Caller, 'account' | 'space' | 'by'>;
  readonly device: CallingDevice | undefined;
  readonly request: ProvisioningRequest;
  readonly client: Client;
  /** Returns whether the client has closed the connection meanwhile. */
  abandoned(): boolean;
}

export interface OwnFetch {
  readonly document: string;
  /** Whether the document removes the account. */
  readonly isEnding: boolean;
  /** The watcher to tell how the answer ended; absent if that does not matter. */
  readonly watcher?: ReturnType<Deliveries['watcherOfEnding']>;
}

/**
 * Returns the document for an authenticated device. First stores which credentials the device gets for the first time,
 * so that revoking it can remove all of them. Returns undefined if the device has changed meanwhile.
 */
export async function giveDocument(
  context: OwnContext,
  own: OwnRequest,
  calling: CallingDevice,
): Promise<OwnFetch | undefined> {
  const { account, space, device, showsKey, showsAddress } = calling;
  const { request, client } = own;
  const key = getsKey(context, own, calling) ? randomToken() : undefined;
  const address =
    device.publicId === null ? undefined : { publicId: device.publicId, ...(key === undefined ? {} : { key }) };
  const entries = await accountDocumentEntries(context, { account, space }, request, address);
  const given = addGiven(device, credentialsIn(entries));
  const former = formerExternals(account, given);
  const document = writeDocument(withoutFormerExternal(entries, former, given, client.agent));
  const algorithms = account.ha1s.map(({ algorithm }) => algorithm);
  const steps = giftSteps(device, {
    given,
    algorithms,
    keyHash: key === undefined ? undefined : hashSecret(key),
  });
  // The phone may have asked again, and this key would replace the one that it got then.
  if (own.abandoned()) throw new AppError('request-malformed', { why: 'connection-closed' });
  if (steps.length > 0 && !(await context.database.applyAll(steps))) return undefined;
  const at = context.now();
  context.fetched.note(account.id, entries, at);
  context.deviceUses.record(device, { ...client, algorithms, at });
  if (showsKey && showsAddress) context.deviceUses.recordKeyUse(device, at);
  context.events.record(deviceEvent('refetched', { device, spaceId: space.id, client, at }));
  if (former.length === 0) return { document, isEnding: false };
  const told = { before: given.credentials, after: withEnded(given, former) };
  const watcher = context.deliveries.watcherOfEnding(() => context.deviceUses.told(device, told));
  return { document, isEnding: false, watcher };
}

/**
 * Returns whether the document has a key. A phone that could not store one at first may be able to after an update, so
 * it gets one until it has used one.
 */
function getsKey(
  { deviceUses }: OwnContext,
  { caller, request }: OwnRequest,
  { device, space, showsAddress }: CallingDevice,
): boolean {
  return (
    caller.by === 'digest' &&
    showsAddress &&
    space.refetch === 'every-start' &&
    !deviceUses.hasUsedKey(device) &&
    keepsKey(request.headers)
  );
}
