import type { Updateable } from 'kysely';
import { Type } from 'typebox';
import { actorOf, type Caller, ownSession } from '../access/caller.ts';
import { askAboutAccount } from '../access/password-question.ts';
import { deleteSessions } from '../access/session-store.ts';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import { type AccountChanges, type Checked, checkAccountFields } from '../accounts/account-fields.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { noteNewAddress } from '../accounts/account-state-store.ts';
import { getAccount, lockAccount, updateAccountRow } from '../accounts/account-store.ts';
import type { FieldComplaints } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { isSameAddress } from '../lib/mailbox.ts';
import type { Ha1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { AccountTable } from '../storage/account-tables.ts';
import type { Transaction } from '../storage/tables.ts';
import type { KeptSignIn } from '../tokens/end-sign-ins.ts';
import { ensureCodeIn } from '../tokens/ensure-code.ts';
import type { TokenContext } from '../tokens/issue-token.ts';
import { revokeTokens } from '../tokens/token-store.ts';
import { applyStateIn, type StateChange } from './change-account-state.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';
import { applyNewPasswordIn, newCredentials, type PasswordWish, type WithNewPassword } from './new-password.ts';
import { deleteWaitingMails } from './waiting-mail-store.ts';

/** `devices` and `session` are undefined if the password did not change. */
export interface UpdatedAccount extends Pick<WithNewPassword, 'session'> {
  readonly account: Account;
  readonly devices: WithNewPassword['devices'] | undefined;
}

export const revokeDevicesField = Type.Optional(
  Type.Boolean({ description: 'Together with a new password: revokes all devices of the account.' }),
);

export interface AccountUpdate extends AccountChanges {
  /** Allowed only together with a new password. */
  readonly revoke_devices?: boolean;
  /** With a new password: the sign-in of the same account that makes the change, which stays valid. */
  readonly askedBy?: KeptSignIn | undefined;
  /** With a new password: makes sure of a valid code, by which phones without a key can get the password. */
  readonly ensuresCode?: boolean;
}

/** Changes the fields in `changes`. Deactivating the account also revokes its tokens. */
export async function updateAccount(
  context: TokenContext,
  actor: Actor,
  { account, space }: AccountInSpace,
  { revoke_devices: revokeDevices = false, askedBy, ensuresCode = false, ...changes }: AccountUpdate,
): Promise<UpdatedAccount> {
  if (revokeDevices && changes.password === undefined) {
    throw invalidFields({ revoke_devices: [{ code: 'only-with-password' }] });
  }
  const fields = await checkAccountFields(changes, space, { before: account, actor });
  askAboutAccount({ actor, at: context.now() }, account, fields);
  return change(context, actor, async (tx, by) => {
    const work = () => updateAccountIn(tx, by, account, { fields, revokeDevices, askedBy });
    const updated = await (mayDemote(fields) ? keepingAnAdministrator(tx, work) : work());
    if (ensuresCode && changes.password !== undefined) {
      await ensureCodeIn(tx, by, { account: updated.account, space }, context);
    }
    return updated;
  });
}

/** Changes an account like `updateAccount`. If it is the caller's own, their session stays valid. */
export function updateAccountFor(
  context: TokenContext,
  caller: Caller,
  found: AccountInSpace,
  update: Omit<AccountUpdate, 'askedBy'>,
): Promise<UpdatedAccount> {
  const askedBy = { session: ownSession(caller, found.account)?.id };
  return updateAccount(context, actorOf(caller), found, { ...update, askedBy });
}

/** Returns whether a change may remove the last administrator. */
export function mayDemote({ admin, activated }: Pick<AccountChanges, 'admin' | 'activated'>): boolean {
  return admin === false || activated === false;
}

/** The changes: the fields, or HA1s in place of the password. */
type Changes = Checked<AccountChanges & { readonly ha1s?: readonly Ha1[] }>;

/**
 * Changes an account inside a transaction. The fields must have been checked. If `mayDemote` is true for them, call
 * this within `keepingAnAdministrator`.
 */
export async function updateAccountIn(
  tx: Transaction,
  by: By,
  { id, spaceId }: Account,
  { fields, ...wish }: { readonly fields: Changes } & PasswordWish,
): Promise<UpdatedAccount> {
  // Another process may have just changed the realm. The space is locked before the account.
  const space = fields.password === undefined ? undefined : await lockSpace(tx, spaceId);
  const account = await lockAccount(tx, id);
  // It may have become an administrator since it was read.
  askAboutAccount(by, account, fields);
  const mistakes = credentialMistakes(fields, account);
  if (Object.keys(mistakes).length > 0) throw invalidFields(mistakes);
  const credentials = fields.ha1s === undefined ? credentialsOf(by, fields, account, space) : ha1Columns(fields.ha1s);
  await updateAccountRow(tx, id, { ...columnsOf(fields, by.at), ...credentials });
  if (fields.email !== undefined && !isSameAddress(fields.email, account.email))
    await applyNewAddressIn(tx, by, account);
  const changed = changedFields(fields, account);
  if (changed.length > 0) {
    const detail = { fields: changed.join(', ') };
    await recordEvent(tx, { ...by, kind: 'account-changed', spaceId, accountId: id, detail });
  }
  const hasNewPassword = fields.password !== undefined || fields.ha1s !== undefined;
  const isDemoted = fields.admin === false && account.admin;
  const state = stateChangeOf(fields, account);
  // Both end all sessions of the account, the one that makes the change too.
  const kept = isDemoted || state === 'deactivate' ? { ...wish, askedBy: undefined } : wish;
  const followed = hasNewPassword ? await applyNewPasswordIn(tx, by, account, kept) : undefined;
  if (isDemoted) await deleteSessions(tx, id);
  if (state !== undefined) await applyStateIn(tx, by, account, { to: state });
  return { account: await getAccount(tx, id), devices: followed?.devices, session: followed?.session };
}

/**
 * Returns the state that the fields change. The present one changes nothing, because clients send back what they read:
 * an account that is not activated keeps its code.
 */
function stateChangeOf({ activated }: Changes, { activatedAt }: Account): StateChange | undefined {
  if (activated === undefined || activated === (activatedAt !== null)) return undefined;
  return activated ? 'activate' : 'deactivate';
}

/**
 * Does what follows from a new mail address, on an account that is locked: nobody counts as invited there, no mail that
 * waits goes to the old one, and links to a new password that went there end.
 */
async function applyNewAddressIn(tx: Transaction, by: By, { id: accountId }: Account): Promise<void> {
  await noteNewAddress(tx, accountId);
  await deleteWaitingMails(tx, accountId);
  await revokeTokens(tx, accountId, by.at, 'password-reset');
}

/** An HA1 depends on the user name and the algorithm, so neither can change without the password. */
export function credentialMistakes(
  { username, password, algorithm }: AccountChanges,
  account: Pick<Account, 'username'>,
): FieldComplaints {
  if (password !== undefined) return {};
  const isRenamed = username !== undefined && username !== account.username;
  return {
    ...(algorithm === undefined ? {} : { algorithm: [{ code: 'needs-password' }] }),
    ...(isRenamed ? { username: [{ code: 'needs-password' }] } : {}),
  };
}

/** The fields that are stored as given: name in the API → property of an account. */
const plainFields = {
  display_name: 'displayName',
  email: 'email',
  phone: 'phone',
  dtmf_protocol: 'dtmfProtocol',
  admin: 'admin',
  linphonerc: 'linphonerc',
  note: 'note',
  group: 'group',
  language: 'language',
} as const satisfies Partial<Record<keyof AccountChanges, keyof Account>>;

function columnsOf(fields: AccountChanges, now: number): Updateable<AccountTable> {
  const { display_name, email, phone, dtmf_protocol, admin, linphonerc, note, group, language } = fields;
  return {
    updated_at: now,
    ...(display_name === undefined ? {} : { display_name }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(dtmf_protocol === undefined ? {} : { dtmf_protocol }),
    ...(admin === undefined ? {} : { admin: Number(admin) }),
    ...(linphonerc === undefined ? {} : { linphonerc }),
    ...(note === undefined ? {} : { note }),
    ...(group === undefined ? {} : { group_name: group }),
    ...(language === undefined ? {} : { language }),
  };
}

function credentialsOf(by: By, changes: AccountChanges, account: Account, space: Space | undefined) {
  const { username = account.username, admin = account.admin, password, algorithm } = changes;
  if (password === undefined || space === undefined) return {};
  const changed = { ...account, username, admin };
  return { username, ...newCredentials(by, { account: changed, space }, { password, algorithm }) };
}

/** Leaves the password out, because it has an event of its own. */
function changedFields(fields: AccountChanges, account: Account): string[] {
  const { username } = fields;
  const names = Object.entries(plainFields)
    .filter(([name, of]) => {
      const value = fields[name as keyof typeof plainFields];
      return value !== undefined && value !== account[of];
    })
    .map(([name]) => name);
  if (username !== undefined && username !== account.username) names.unshift('username');
  return names;
}
