import type { Algorithm } from '../sip/ha1.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Transaction } from '../storage/tables.ts';
import type { Device } from './device.ts';
import type { AllGiven, GivenCredentials } from './given-credentials.ts';

const give = statement<{
  id: number;
  before: string;
  credentials: string;
  places: number;
  algorithms: string;
}>()((db, at) =>
  db
    .updateTable('devices')
    .set({ credentials: at.credentials, credential_places: at.places, algorithms: at.algorithms })
    .where('id', '=', at.id)
    .where('credentials', '=', at.before)
    .where('credential_places', '<=', at.places)
    .where('revoked_at', 'is', null),
);

/** Gives a key only until one has been used. After that, another key would lock the phone out. */
const giveKey = statement<{ id: number; keyHash: string }>()((db, at) =>
  db
    .updateTable('devices')
    .set({ key_hash: at.keyHash })
    .where('id', '=', at.id)
    .where('key_used_at', 'is', null)
    .where('revoked_at', 'is', null),
);

/**
 * What the next document gives a device: all credentials that the device will have had, and its first key if it has
 * none yet.
 */
export interface Gift {
  readonly given: AllGiven;
  readonly algorithms: readonly Algorithm[];
  readonly keyHash: string | undefined;
}

/**
 * Returns the steps that store what a device is given. They fail if the device received something else or was revoked
 * meanwhile.
 */
export function giftSteps(device: Device, { given, algorithms, keyHash }: Gift): Step[] {
  const { id } = device;
  const places = given.credentialPlaces;
  const before = JSON.stringify(device.credentials);
  const credentials = JSON.stringify(given.credentials);
  const isNew = before !== credentials || places !== device.credentialPlaces;
  return [
    ...(isNew ? [step(give, { id, before, credentials, places, algorithms: algorithms.join(',') })] : []),
    ...(keyHash === undefined ? [] : [step(giveKey, { id, keyHash })]),
  ];
}

/** The credentials of a device before and after a document that took some of them away. */
export interface Told {
  readonly before: readonly GivenCredentials[];
  readonly after: readonly GivenCredentials[];
}

/**
 * Does nothing if the device received something else meanwhile. Its next document then takes the credentials away
 * again.
 */
export async function recordTold(tx: Transaction, id: number, { before, after }: Told): Promise<void> {
  await tx
    .updateTable('devices')
    .set({ credentials: JSON.stringify(after) })
    .where('id', '=', id)
    .where('credentials', '=', JSON.stringify(before))
    .execute();
}
