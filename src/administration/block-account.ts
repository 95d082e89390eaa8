import { countSessions } from '../access/session-store.ts';
import type { Account } from '../accounts/account.ts';
import { getAccount, lockAccount } from '../accounts/account-store.ts';
import type { ListedDevice } from '../devices/device.ts';
import { listOpenDevices } from '../devices/listed-device-store.ts';
import { revokeDevicesIn } from '../devices/revoke-device.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import type { Db } from '../storage/tables.ts';
import { findOpenCode } from '../tokens/token-list-store.ts';
import { applyStateIn } from './change-account-state.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

export interface BlockedAccount {
  readonly account: Account;
  /** The revoked devices. They remove the account when they next ask for their settings. */
  readonly devices: readonly ListedDevice[];
}

/**
 * Blocks an account, which ends its codes and sessions. With `revokeDevices`, also revokes its devices in the same
 * transaction.
 */
export function blockAccount(
  context: ChangeContext,
  actor: Actor,
  { id }: Account,
  { revokeDevices }: { readonly revokeDevices: boolean },
): Promise<BlockedAccount> {
  return change(context, actor, (tx, by) =>
    keepingAnAdministrator(tx, async () => {
      const account = await lockAccount(tx, id);
      const devices = revokeDevices ? await revokeDevicesIn(tx, by, account) : [];
      await applyStateIn(tx, by, account, { to: 'block' });
      return { account: await getAccount(tx, id), devices };
    }),
  );
}

/** What ends when an account is blocked or deleted. */
export interface Holdings {
  /** Those that are not revoked. */
  readonly devices: readonly ListedDevice[];
  readonly hasCode: boolean;
  readonly sessions: number;
}

export async function holdingsOf(
  { database, now }: { readonly database: Db; now(): number },
  { id }: Account,
): Promise<Holdings> {
  const [devices, code, sessions] = await Promise.all([
    listOpenDevices(database, id),
    findOpenCode(database, id, now()),
    countSessions(database, id),
  ]);
  return { devices, hasCode: code !== undefined, sessions };
}
