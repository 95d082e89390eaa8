import type { Updateable } from 'kysely';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import { type AccountChanges, type Checked, checkAccountFields } from '../accounts/account-fields.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { getAccount, lockAccount, updateAccountRow } from '../accounts/account-store.ts';
import { renewedHa1s } from '../accounts/passwords.ts';
import { invalidFields } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import type { EventKind } from '../events/event.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { AccountTable, Transaction } from '../storage/tables.ts';
import { applyStateIn } from './account-state.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

/** Changes the fields in `changes`. Deactivating the account also revokes its tokens. */
export async function updateAccount(
  context: ChangeContext,
  actor: Actor,
  { account, space }: AccountInSpace,
  changes: AccountChanges,
): Promise<Account> {
  const fields = await checkAccountFields(changes, space, account);
  return change(context, actor, (tx, by) => {
    const work = () => updateAccountIn(tx, by, account, fields);
    const mayDemote = fields.admin === false || fields.activated === false;
    return mayDemote ? keepingAnAdministrator(tx, work) : work();
  });
}

async function updateAccountIn(
  tx: Transaction,
  by: By,
  { id, spaceId }: Account,
  fields: Checked<AccountChanges>,
): Promise<Account> {
  // Another process may have changed the realm a moment ago. Locked before the account.
  const space = fields.password === undefined ? undefined : await lockSpace(tx, spaceId);
  const account = await lockAccount(tx, id);
  checkCredentials(fields, account);
  await updateAccountRow(tx, id, { ...columnsOf(fields, by.at), ...credentialsOf(fields, account, space) });
  for (const { kind, detail = {} } of eventsOf(fields, account)) {
    await recordEvent(tx, { ...by, kind, spaceId, accountId: id, detail });
  }
  if (fields.activated !== undefined) {
    await applyStateIn(tx, by, account, fields.activated ? 'activate' : 'deactivate');
  }
  return getAccount(tx, id);
}

/** An HA1 depends on the user name and the algorithm, so neither can change without the password. */
function checkCredentials({ username, password, algorithm }: AccountChanges, account: Account): void {
  if (password !== undefined) return;
  if (algorithm !== undefined) throw invalidFields({ algorithm: [{ code: 'needs-password' }] });
  if (username !== undefined && username !== account.username) {
    throw invalidFields({ username: [{ code: 'needs-password' }] });
  }
}

/** The fields that are stored as given: name in the API → property of an account. */
const plainFields = {
  display_name: 'displayName',
  email: 'email',
  phone: 'phone',
  dtmf_protocol: 'dtmfProtocol',
  admin: 'admin',
} as const satisfies Partial<Record<keyof AccountChanges, keyof Account>>;

function columnsOf(fields: AccountChanges, now: number): Updateable<AccountTable> {
  const { display_name, email, phone, dtmf_protocol, admin } = fields;
  return {
    updated_at: now,
    ...(display_name === undefined ? {} : { display_name }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(dtmf_protocol === undefined ? {} : { dtmf_protocol }),
    ...(admin === undefined ? {} : { admin: Number(admin) }),
  };
}

function credentialsOf({ username, password, algorithm }: AccountChanges, account: Account, space: Space | undefined) {
  if (password === undefined || space === undefined) return {};
  const named = { ...account, username: username ?? account.username };
  return { username: named.username, ...ha1Columns(renewedHa1s(named, space, password, algorithm)) };
}

interface AccountEvent {
  readonly kind: EventKind;
  readonly detail?: { readonly fields: string };
}

function eventsOf(fields: AccountChanges, account: Account): AccountEvent[] {
  const { username, password } = fields;
  const names = Object.entries(plainFields)
    .filter(([name, of]) => {
      const value = fields[name as keyof typeof plainFields];
      return value !== undefined && value !== account[of];
    })
    .map(([name]) => name);
  if (username !== undefined && username !== account.username) names.unshift('username');
  const events: AccountEvent[] = [];
  if (names.length > 0) events.push({ kind: 'account-changed', detail: { fields: names.join(', ') } });
  if (password !== undefined) events.push({ kind: 'password-changed' });
  return events;
}
