import type { Account } from '../accounts/account.ts';
import { findAccountByUsername } from '../accounts/account-store.ts';
import { headerText } from '../lib/header-text.ts';
import { hashSecret } from '../lib/random-token.ts';
import { parseFromHeader } from '../sip/digest-header.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Db } from '../storage/tables.ts';
import type { AllGiven } from './given-credentials.ts';
import { findDeviceByKey } from './previous-device-store.ts';

export interface PreviousContext {
  readonly database: Db;
  readonly spaces: SpaceDirectory;
}

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Returns what a phone received before it scanned a code for `account`. From Linphone 5.3 on, the phone sends the key
 * of the device that it was until then. Only devices of the same account and of the one in `From` are searched, because
 * an index of all keys would make each redemption slower.
 */
export async function findGivenBefore(
  { database, spaces }: PreviousContext,
  { id }: Account,
  headers: RequestHeaders,
): Promise<AllGiven | undefined> {
  const key = headers['x-device-key'];
  if (typeof key !== 'string') return undefined;
  const named = typeof headers.from === 'string' ? parseFromHeader(headerText(headers.from)) : undefined;
  const space = named === undefined ? undefined : spaces.findByDomain(named.domain);
  const other =
    named === undefined || space === undefined
      ? undefined
      : await findAccountByUsername(database, space.id, named.username);
  const device = await findDeviceByKey(database, [id, other?.id ?? id], hashSecret(key));
  return device === undefined || device.accountId === id ? device : asOthers(device);
}

/**
 * Marks another account's credentials as such. Otherwise the new device could sign in with the other account's user
 * names.
 */
function asOthers({ credentials, credentialPlaces }: AllGiven): AllGiven {
  return {
    credentials: credentials.map((each) => (each.of === 'account' ? { ...each, of: 'other' } : each)),
    credentialPlaces,
  };
}
