import type { AccountEvent, DeviceRefusal } from '../events/event.ts';
import type { Algorithm } from '../sip/ha1.ts';
import type { Client } from '../tokens/token.ts';
import type { AllGiven } from './given-credentials.ts';

/** A phone that received an account. Times are in epoch milliseconds. */
export interface Device extends AllGiven {
  readonly id: number;
  readonly accountId: number;
  readonly tokenId: number;
  /** The name of the device in the API. */
  readonly uuid: string;
  /** Random; part of the provisioning address of a phone that fetches its document again. */
  readonly publicId: string | null;
  readonly keyHash: string | null;
  /**
   * Whether the key is accepted without the address. True for keys that an earlier version issued, until the phone has
   * sent both.
   */
  readonly keyAlone: boolean;
  /** When the phone first sent the key together with the address. */
  readonly keyUsedAt: number | null;
  readonly name: string;
  readonly agent: string;
  readonly address: string;
  readonly version: string | null;
  /** The algorithms of the credentials that the phone last received. */
  readonly algorithms: readonly Algorithm[];
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly revokedAt: number | null;
  /** When the phone received the document that removes the account. */
  readonly endedAt: number | null;
}

/** What lists show of a device: everything except what the server needs to make its documents. */
export type ListedDevice = Pick<
  Device,
  | 'id'
  | 'uuid'
  | 'publicId'
  | 'keyHash'
  | 'name'
  | 'agent'
  | 'address'
  | 'firstSeenAt'
  | 'lastSeenAt'
  | 'revokedAt'
  | 'endedAt'
>;

/** How a phone fetches its document again: at an address of its own, and with a key of its own if it can store one. */
export interface DeviceAddress {
  readonly publicId: string;
  /** Set only for the document that delivers the key. */
  readonly key?: string;
}

/** Returns whether the phone fetches its document again by itself. Only then does it learn that it was revoked. */
export function asksAgain({ publicId, keyHash }: Pick<Device, 'publicId' | 'keyHash'>): boolean {
  return publicId !== null || keyHash !== null;
}

/** Returns whether the device gets a new password by itself: it fetches its document with a key of its own. */
export function followsPassword({ keyHash, revokedAt }: Pick<Device, 'keyHash' | 'revokedAt'>): boolean {
  return keyHash !== null && revokedAt === null;
}

interface DeviceRequest {
  readonly device: Device;
  readonly spaceId: number;
  readonly client: Client;
  readonly at: number;
  readonly reason?: DeviceRefusal;
}

/** Returns the event for a request that a device made. */
export function deviceEvent<Kind extends 'refetched' | 'device-ended' | 'ending-repeated' | 'device-refused'>(
  kind: Kind,
  { device, spaceId, client, at, reason }: DeviceRequest,
): AccountEvent<Kind> {
  const { accountId, tokenId } = device;
  const { address, agent } = client;
  const detail = { device: device.id, ...(reason === undefined ? {} : { reason }) };
  return { at, kind, spaceId, accountId, tokenId, address, agent, detail };
}
