import { actorOf } from '../access/actor-of-caller.ts';
import type { Caller } from '../access/caller.ts';
import { getAccount } from '../accounts/account-store.ts';
import { recordingChanges } from '../administration/account-events.ts';
import type { App } from '../app.ts';
import type { Db } from '../storage/tables.ts';
import { type ManagedAccount, managedAccount } from './lookup.ts';

/** Looks an account up that the caller manages and changes it, in one transaction; the timeline tells what was changed. */
export async function changingAccount<T>(
  app: App,
  caller: Caller,
  id: string,
  work: (db: Db, managed: ManagedAccount) => Promise<T>,
): Promise<T> {
  return changing(app, await managedAccount(app, caller, id), actorOf(caller), work);
}

/** The same with the caller's own account. */
export async function changing<T>(
  app: App,
  managed: ManagedAccount,
  actor: string,
  work: (db: Db, managed: ManagedAccount) => Promise<T>,
): Promise<T> {
  return app.database.transaction().execute(async (db) => {
    const account = await getAccount(db, managed.account.id);
    return recordingChanges(db, account, { actor, at: app.now() }, () => work(db, { ...managed, account }));
  });
}
