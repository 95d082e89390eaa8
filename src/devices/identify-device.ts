import { type AccountInSpace, addressOf } from '../accounts/account.ts';
import { hashSecret } from '../lib/random-token.ts';
import { parseFromHeader } from '../sip/digest-header.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Device } from './device.ts';
import type { DeviceUses } from './device-uses.ts';
import { type FoundDevice, findDeviceByLoneKey, findDeviceByPublicId } from './found-device-store.ts';
import { chooseSpareKey, dropSpareKeys, isSpareKey } from './spare-key-store.ts';

export interface IdentifyContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly deviceUses: DeviceUses;
}

/** The parts of a request that can identify the device that sent it. */
export interface DeviceSigns {
  /** The value of `?device=`. */
  readonly publicId: string | undefined;
  readonly key: string | undefined;
  /** The `From` header, which contains the phone's default account. */
  readonly from: string | undefined;
}

/** The device that sent a request, with its account. */
export interface CallingDevice extends AccountInSpace {
  readonly device: Device;
  /**
   * Whether the request contains the device's key: together with its address, or alone if an earlier version issued it.
   */
  readonly showsKey: boolean;
  /** Whether the request contains the device's address. */
  readonly showsAddress: boolean;
  /**
   * Whether the phone's default account is neither the device's account nor its external account, under any name that
   * these had.
   */
  readonly isForeign: boolean;
}

/** Finds the device that sent a request. It is authenticated only if `showsKey` is true. */
export async function identifyDevice(context: IdentifyContext, signs: DeviceSigns): Promise<CallingDevice | undefined> {
  const { publicId, key, from } = signs;
  const keyHash = key === undefined ? undefined : hashSecret(key);
  const found = await (publicId === undefined ? findByLoneKey(context, keyHash) : findByAddress(context, publicId));
  const space = found && (await context.spaces.findByRow(found.account));
  if (found === undefined || space === undefined) return undefined;
  const { account } = found;
  const device = await withUsedKey(context, found, keyHash);
  return {
    device,
    account,
    space,
    showsKey: keyHash !== undefined && device.keyHash === keyHash,
    showsAddress: publicId !== undefined,
    isForeign: from !== undefined && !isOwn({ account, space }, device, from),
  };
}

/**
 * Returns the device with the key that the request used. A device has several keys if its token was answered several
 * times, because any answer may be the one that reached the phone. Using a key ends the others. If a key was already in
 * use when the others were made, all stay valid, because ending it would lock its phone out.
 */
async function withUsedKey(
  { database, deviceUses }: IdentifyContext,
  { device, hasSpareKeys }: FoundDevice,
  keyHash: string | undefined,
): Promise<Device> {
  if (!hasSpareKeys || keyHash === undefined) return device;
  if (deviceUses.hasUsedKey(device)) {
    return (await isSpareKey(database, device.id, keyHash)) ? { ...device, keyHash } : device;
  }
  if (device.keyHash === keyHash) {
    await dropSpareKeys(database, device.id, keyHash);
    return device;
  }
  const isChosen = await inTransaction(database, (tx) => chooseSpareKey(tx, device.id, keyHash));
  return isChosen ? { ...device, keyHash } : device;
}

/**
 * Finds a device by its address. Earlier versions made addresses of 16 characters, or of 32 hexadecimal digits for
 * devices that had none.
 */
async function findByAddress({ database }: IdentifyContext, publicId: string) {
  return /^[A-Za-z0-9]{16,32}$/.test(publicId) ? findDeviceByPublicId(database, publicId) : undefined;
}

async function findByLoneKey({ database, deviceUses }: IdentifyContext, keyHash: string | undefined) {
  const found = keyHash === undefined ? undefined : await findDeviceByLoneKey(database, keyHash);
  return found === undefined || deviceUses.hasShownAddress(found.device) ? undefined : found;
}

function isOwn(own: AccountInSpace, { credentials }: Device, from: string): boolean {
  const named = parseFromHeader(from);
  if (named === undefined) return false;
  const address = `${named.username}@${named.domain}`;
  const { external } = own.account;
  return (
    address === addressOf(own) ||
    (external !== null && address === `${external.username}@${external.domain}`) ||
    credentials.some(
      ({ of, username, domain }) => (of === 'account' || of === 'external') && address === `${username}@${domain}`,
    )
  );
}

/** Returns the user names that the account had in the credentials of the device. */
export function formerNames({ credentials }: Device): string[] {
  return credentials.filter(({ of }) => of === 'account').map(({ username }) => username);
}
