import { randomUUID } from 'node:crypto';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import { hashSecret, randomToken } from '../lib/random-token.ts';
import type { Client, Token } from '../tokens/token.ts';
import type { Device, DeviceAddress } from './device.ts';
import type { NewDevice } from './device-store.ts';
import { type AllGiven, addGiven, type GivenCredentials, inheritGiven } from './given-credentials.ts';
import { findGivenBefore, type PreviousContext } from './previous-device.ts';

export interface IssuedDevice {
  /** Undefined if the space does not let phones fetch their document again. */
  readonly address: DeviceAddress | undefined;
  readonly row: Omit<NewDevice, keyof AllGiven>;
}

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

interface DeviceRedemption extends AccountInSpace {
  readonly token: Token;
  /** The device that the answer created when it was first given, if this answer repeats it. */
  readonly earlier: Device | undefined;
  readonly headers: RequestHeaders;
  readonly client: Client;
  readonly now: number;
}

/**
 * Returns the device that a redemption creates, or `earlier` updated. It gets an address only if the phone will fetch
 * its document again, and a key only if the phone can store one.
 */
export function issueDevice(redemption: DeviceRedemption): IssuedDevice {
  const { token, account, space, earlier, headers, client, now } = redemption;
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

interface Given {
  readonly account: Account;
  readonly earlier: Device | undefined;
  /** The credentials in the document that the phone receives now. */
  readonly given: readonly GivenCredentials[];
  readonly headers: RequestHeaders;
}

/** Returns all credentials that the phone will have received: those in this document, and the earlier ones. */
export async function allGivenTo(
  context: PreviousContext,
  { account, earlier, given, headers }: Given,
): Promise<AllGiven> {
  const hasKey = headers['x-device-key'] !== undefined;
  const known = hasKey ? inheritGiven(earlier, await findGivenBefore(context, account, headers)) : earlier;
  return known === undefined ? { credentials: given, credentialPlaces: given.length } : addGiven(known, given);
}

function newAddress(publicId: string | null | undefined, headers: RequestHeaders): DeviceAddress {
  const address = { publicId: publicId ?? randomToken() };
  return keepsKey(headers) ? { ...address, key: randomToken() } : address;
}

/** Returns whether the phone can store a device key, as Linphone can from 5.3 on. */
export function keepsKey(headers: RequestHeaders): boolean {
  return headers['x-linphone-provisioning'] !== undefined;
}
