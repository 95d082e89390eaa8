import type { Updateable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { type AccountChanges, checkAccountFields, type NewAccount } from '../accounts/account-fields.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import {
  countAccounts,
  countUsableAdministrators,
  deleteAccountRow,
  getAccount,
  insertAccount,
  updateAccountRow,
} from '../accounts/account-store.ts';
import { ha1sOfPassword, renewedHa1s } from '../accounts/passwords.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError, invalidFields } from '../errors.ts';
import type { Algorithm } from '../sip/ha1.ts';
import { realmOf, type Space } from '../spaces/space.ts';
import type { AccountTable, Db } from '../storage/tables.ts';

/** Makes an account. `db` is a transaction: the limit of the space and the insert belong together. */
export async function createAccount(db: Db, space: Space, fields: NewAccount, now: number): Promise<Account> {
  checkAccountFields(fields, space);
  if (space.maxAccounts > 0) await requireRoom(db, space);
  const algorithms = fields.algorithm === undefined ? space.algorithms : [fields.algorithm];
  return insertAccount(db, {
    space_id: space.id,
    username: fields.username,
    display_name: fields.display_name ?? null,
    email: fields.email ?? null,
    phone: fields.phone ?? null,
    admin: Number(fields.admin ?? false),
    dtmf_protocol: fields.dtmf_protocol ?? 'sipinfo',
    ...ha1Columns(ha1sOfPassword(algorithms, fields.username, realmOf(space), fields.password)),
    activated_at: fields.activated === true ? now : null,
    blocked_at: null,
    created_at: now,
    updated_at: now,
  });
}

/** Changes what `fields` names. `db` is a transaction. */
export async function updateAccount(
  db: Db,
  account: Account,
  space: Space,
  fields: AccountChanges,
  now: number,
): Promise<Account> {
  checkAccountFields(fields, space, account);
  if (fields.algorithm !== undefined && fields.password === undefined) {
    throw invalidFields({ algorithm: ['can be changed only together with a new password'] });
  }
  const renamed = fields.username !== undefined && fields.username !== account.username;
  if (renamed && fields.password === undefined) {
    throw invalidFields({ username: ['can be changed only together with a new password: the stored HA1 contains it'] });
  }
  const changes: Updateable<AccountTable> = { updated_at: now };
  if (fields.display_name !== undefined) changes.display_name = fields.display_name;
  if (fields.email !== undefined) changes.email = fields.email;
  if (fields.phone !== undefined) changes.phone = fields.phone;
  if (fields.admin !== undefined) changes.admin = Number(fields.admin);
  if (fields.dtmf_protocol !== undefined) changes.dtmf_protocol = fields.dtmf_protocol;
  if (fields.activated !== undefined) changes.activated_at = fields.activated ? (account.activatedAt ?? now) : null;
  const work = async () => {
    const { username, password, algorithm } = fields;
    const credentials =
      password === undefined ? {} : await newCredentials(db, account.id, space, { username, password, algorithm });
    await updateAccountRow(db, account.id, { ...changes, ...credentials });
  };
  if (account.admin && (fields.admin === false || fields.activated === false)) await keepingAnAdministrator(db, work);
  else await work();
  return getAccount(db, account.id);
}

async function newCredentials(
  db: Db,
  id: number,
  space: Space,
  to: { readonly username: string | undefined; readonly password: string; readonly algorithm: Algorithm | undefined },
) {
  // The row is taken before it is read: of two changes at once the second keeps the algorithms that the first one set.
  await updateAccountRow(db, id, {});
  const account = await getAccount(db, id);
  const username = to.username ?? account.username;
  return { username, ...ha1Columns(renewedHa1s({ ...account, username }, space, to.password, to.algorithm)) };
}

/** Deletes the account with all that belongs to it. `db` is a transaction. */
export async function deleteAccount(db: Db, account: Account): Promise<void> {
  const work = () => deleteAccountRow(db, account.id);
  if (account.admin) await keepingAnAdministrator(db, work);
  else await work();
}

/** Does `work`, and undoes it (by throwing inside the transaction) if it took away the last administrator. */
export async function keepingAnAdministrator<T>(db: Db, work: () => Promise<T>): Promise<T> {
  // Taken first, so that two administrators who remove each other at once do so one after the other.
  await bumpRevision(db, 'administrators');
  const before = await countUsableAdministrators(db);
  const result = await work();
  if (before > 0 && (await countUsableAdministrators(db)) === 0) {
    throw new AppError('last-administrator', 'This is the last administrator: make another one first.');
  }
  return result;
}

async function requireRoom(db: Db, space: Space): Promise<void> {
  await bumpRevision(db, 'accounts');
  if ((await countAccounts(db, space.id)) >= space.maxAccounts) {
    throw new AppError(
      'space-full',
      `The space ${space.domain} has its ${space.maxAccounts} accounts; raise max_accounts.`,
    );
  }
}
