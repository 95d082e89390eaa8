import { randomUUID } from 'node:crypto';
import type { AccountInSpace } from '../accounts/account.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { Client, Token } from '../tokens/token.ts';
import type { Device, DeviceAddress } from './device.ts';
import type { NewDevice } from './device-store.ts';

export interface IssuedDevice {
  /** Undefined if the space does not let phones fetch again. */
  readonly address: DeviceAddress | undefined;
  readonly row: Omit<NewDevice, 'credentials'>;
}

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Returns the device that a redemption creates, or `earlier` if its answer is repeated. It gets an address only if the
 * phone will fetch again, and a key only if it can store one.
 */
export function issueDevice(
  { token, account, space }: AccountInSpace & { readonly token: Token },
  earlier: Device | undefined,
  { headers }: { readonly headers: RequestHeaders },
  client: Client,
  now: number,
): IssuedDevice {
  const address = space.refetch === 'every-start' ? newAddress(earlier?.publicId, headers) : undefined;
  return {
    address,
    row: {
      accountId: account.id,
      tokenId: token.id,
      uuid: earlier?.uuid ?? randomUUID(),
      publicId: address?.publicId ?? earlier?.publicId ?? null,
      keyHash: address?.key === undefined ? (earlier?.keyHash ?? null) : hashSecret(address.key),
      agent: client.agent,
      address: client.address,
      algorithms: account.ha1s.map(({ algorithm }) => algorithm),
      now,
    },
  };
}

function newAddress(publicId: string | null | undefined, headers: RequestHeaders): DeviceAddress {
  const address = { publicId: publicId ?? randomToken() };
  return keepsKey(headers) ? { ...address, key: randomToken() } : address;
}

/** Whether the phone can store a device key, which Linphone does from 5.3 on. */
export function keepsKey(headers: RequestHeaders): boolean {
  return headers['x-linphone-provisioning'] !== undefined;
}
