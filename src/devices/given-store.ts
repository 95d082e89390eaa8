import type { Algorithm } from '../sip/ha1.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Device } from './device.ts';
import type { GivenCredentials } from './given-credentials.ts';

const give = statement<{ id: number; before: string; credentials: string; algorithms: string }>()((db, at) =>
  db
    .updateTable('devices')
    .set({ credentials: at.credentials, algorithms: at.algorithms })
    .where('id', '=', at.id)
    .where('credentials', '=', at.before)
    .where('revoked_at', 'is', null),
);

/** Only until a key has been used: the phone that has it would be refused from then on. */
const giveKey = statement<{ id: number; keyHash: string }>()((db, at) =>
  db
    .updateTable('devices')
    .set({ key_hash: at.keyHash })
    .where('id', '=', at.id)
    .where('key_used_at', 'is', null)
    .where('revoked_at', 'is', null),
);

/** What a device that fetches again is given for the first time. */
export interface Gift {
  readonly credentials: readonly GivenCredentials[];
  readonly algorithms: readonly Algorithm[];
  readonly keyHash: string | undefined;
}

/** Returns the steps that note what a device is given. They fail if it was given something else or revoked meanwhile. */
export function giftSteps({ id, credentials: known }: Device, { credentials, algorithms, keyHash }: Gift): Step[] {
  const [before, after] = [JSON.stringify(known), JSON.stringify(credentials)];
  return [
    ...(before === after ? [] : [step(give, { id, before, credentials: after, algorithms: algorithms.join(',') })]),
    ...(keyHash === undefined ? [] : [step(giveKey, { id, keyHash })]),
  ];
}
