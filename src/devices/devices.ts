import type { Account } from '../accounts/account.ts';
import { updateAccountRow } from '../accounts/account-store.ts';
import type { ChangedBy } from '../administration/account-events.ts';
import { AppError } from '../errors.ts';
import type { NewEvent } from '../events/event.ts';
import { recordEvent } from '../events/event-store.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import type { Client, Token } from '../tokens/token.ts';
import { revokeToken } from '../tokens/token-store.ts';
import type { DeviceAddress } from './device-address.ts';
import { type Device, findDevice, type NewDevice, revokeDeviceRow } from './device-store.ts';

export interface IssuedDevice {
  /** Absent where the phone is not to ask again. */
  readonly address: DeviceAddress | undefined;
  readonly row: NewDevice;
}

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

const publicIdLength = 16;

/** The device that a redemption makes. A key is made only where the phone is to ask again and can keep one. */
export function issueDevice(
  { token, account, space }: { readonly token: Token; readonly account: Account; readonly space: Space },
  request: { readonly headers: RequestHeaders },
  client: Client,
  now: number,
): IssuedDevice {
  const address = space.refetch === 'every-start' ? newAddress(request) : undefined;
  return {
    address,
    row: {
      accountId: account.id,
      tokenId: token.id,
      publicId: address?.publicId ?? null,
      keyHash: address?.key === undefined ? null : hashSecret(address.key),
      agent: client.agent,
      address: client.address,
      algorithms: account.ha1s.map(({ algorithm }) => algorithm),
      now,
    },
  };
}

function newAddress({ headers }: { readonly headers: RequestHeaders }): DeviceAddress {
  const keepsKey = headers['x-linphone-provisioning'] !== undefined;
  return keepsKey ? { key: randomToken() } : { publicId: randomToken().slice(0, publicIdLength) };
}

/** Revokes a device, and the token it came by: its answer is not repeated. Of a revoked one nothing changes. `db` is a transaction. */
export async function revokeDevice(db: Db, account: Account, id: string, by: ChangedBy): Promise<Device> {
  const { id: accountId, spaceId } = account;
  // The account first, as everywhere; its version also fails a redemption that is under way.
  await updateAccountRow(db, accountId, {});
  const device = /^[1-9]\d{0,8}$/.test(id) ? await findDevice(db, accountId, Number(id)) : undefined;
  if (device === undefined) throw new AppError('not-found', 'This account has no such device.');
  if (device.revokedAt !== null) return device;
  await revokeDeviceRow(db, device.id, by.at);
  await revokeToken(db, device.tokenId, by.at);
  const detail = { device: device.id, name: device.name };
  await recordEvent(db, { ...by, kind: 'device-revoked', spaceId, accountId, detail });
  return { ...device, revokedAt: by.at };
}

/** What a device did that asked by itself. */
export function deviceEvent(
  kind: 'refetched' | 'device-ended' | 'device-refused',
  device: Device,
  spaceId: number,
  { address, agent }: Client,
  at: number,
): NewEvent {
  const { accountId, tokenId } = device;
  return { at, kind, spaceId, accountId, tokenId, address, agent, detail: { device: device.id } };
}
