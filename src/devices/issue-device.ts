import type { AccountInSpace } from '../accounts/account.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { Client, Token } from '../tokens/token.ts';
import type { DeviceAddress } from './device-address.ts';
import type { EarlierDevice, NewDevice } from './device-store.ts';

export interface IssuedDevice {
  /** Undefined if the space does not let phones fetch again. */
  readonly address: DeviceAddress | undefined;
  readonly row: NewDevice;
}

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

const publicIdLength = 16;

/** Returns the device that a redemption creates. It gets a key only if the phone will fetch again and can store one. */
export function issueDevice(
  { token, account, space, earlier }: AccountInSpace & { readonly token: Token; readonly earlier?: EarlierDevice },
  { headers }: { readonly headers: RequestHeaders },
  client: Client,
  now: number,
): IssuedDevice {
  const address = space.refetch === 'every-start' ? newAddress(headers, earlier) : undefined;
  return {
    address,
    row: {
      accountId: account.id,
      tokenId: token.id,
      publicId: address?.publicId ?? earlier?.publicId ?? null,
      keyHash: address?.key === undefined ? null : hashSecret(address.key),
      agent: client.agent,
      address: client.address,
      algorithms: account.ha1s.map(({ algorithm }) => algorithm),
      now,
    },
  };
}

/** The address stays that of an earlier answer, which may have been the one that reached the phone. */
function newAddress(headers: RequestHeaders, earlier: EarlierDevice | undefined): DeviceAddress {
  const keepsKey = headers['x-linphone-provisioning'] !== undefined;
  return keepsKey ? { key: randomToken() } : { publicId: earlier?.publicId ?? randomToken().slice(0, publicIdLength) };
}
