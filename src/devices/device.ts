import type { Algorithm } from '../sip/ha1.ts';
import type { GivenCredentials } from './given-credentials.ts';

/** A phone that got an account. Times are in epoch milliseconds. */
export interface Device {
  readonly id: number;
  readonly accountId: number;
  readonly tokenId: number;
  /** Its name in the API. */
  readonly uuid: string;
  /** Random; part of the provisioning address of a phone that fetches again. */
  readonly publicId: string | null;
  readonly keyHash: string | null;
  /** Whether the key is good without the address: an earlier version issued it, and its phone has not shown both yet. */
  readonly keyAlone: boolean;
  /** When the key was first shown together with the address. */
  readonly keyUsedAt: number | null;
  readonly name: string;
  readonly agent: string;
  readonly address: string;
  readonly version: string | null;
  /** The algorithms of the credentials that it last got. */
  readonly algorithms: readonly Algorithm[];
  /** Of all credentials that it was ever given, the last ones in front. */
  readonly credentials: readonly GivenCredentials[];
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly revokedAt: number | null;
  /** When the phone got the document that removes the account. */
  readonly endedAt: number | null;
}

/** How a phone fetches its document again: at its own address, with its own key if it can store one. */
export interface DeviceAddress {
  readonly publicId: string;
  /** Only set for the document that delivers it. */
  readonly key?: string;
}
