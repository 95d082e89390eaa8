import { AppError, invalidFields } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { type Account, type AccountInSpace, addressOf, type ExternalAccount } from './account.ts';
import { ha1Columns } from './account-row.ts';
import { getAccount, lockAccount, updateAccountRow } from './account-store.ts';
import {
  checkExternalChanges,
  checkExternalFields,
  type ExternalAccountChanges,
  type ExternalAccountFields,
} from './external-account-fields.ts';
import { deleteExternalRow, upsertExternalRow } from './external-account-store.ts';
import { changedLink, type ExternalLink, isLinked, linkOf, mistakesInLink } from './external-link.ts';

/** Links an external account, replacing an existing one. */
export function setExternalAccount(
  context: ChangeContext,
  actor: Actor,
  { id }: Pick<Account, 'id'>,
  given: ExternalAccountFields,
): Promise<{ account: Account; created: boolean }> {
  const fields = checkExternalFields(given);
  return change(context, actor, async (tx, by) => {
    const account = await lockAccount(tx, id);
    return { account: await linkIn(tx, by, account, linkOf(fields)), created: account.external === null };
  });
}

/** Changes the external account, or links one. Throws if the result is incomplete. */
export function changeExternalAccount(
  context: ChangeContext,
  actor: Actor,
  { id }: Pick<Account, 'id'>,
  given: ExternalAccountChanges,
): Promise<Account> {
  const changes = checkExternalChanges(given);
  return change(context, actor, (tx, by) => changeExternalAccountIn(tx, by, id, changes));
}

/**
 * Changes the external account inside a transaction, or links a new one. The fields must have been checked. Throws if
 * the result is incomplete.
 */
export async function changeExternalAccountIn(
  tx: Transaction,
  by: By,
  id: number,
  changes: ExternalAccountChanges,
): Promise<Account> {
  const account = await lockAccount(tx, id);
  const link = changedLink(account.external, changes);
  const mistakes = mistakesInLink(link);
  if (Object.keys(mistakes).length > 0) throw invalidFields(mistakes);
  return linkIn(tx, by, account, link);
}

async function linkIn(tx: Transaction, by: By, account: Account, link: ExternalLink): Promise<Account> {
  if (isLinked(account.external, link)) return account;
  await upsertExternalRow(tx, {
    account_id: account.id,
    username: link.username,
    auth_username: link.authUsername,
    domain: link.domain,
    realm: link.realm,
    registrar: link.registrar,
    outbound_proxy: link.outboundProxy,
    protocol: link.protocol,
    ...ha1Columns(link.ha1s),
    created_at: account.external?.createdAt ?? by.at,
    updated_at: by.at,
  });
  return changedExternal(tx, by, account);
}

/** Returns the external account. Throws `not-found` if there is none. */
export function getExternalAccount(found: AccountInSpace): ExternalAccount {
  if (found.account.external === null) throw externalNotFound(found);
  return found.account.external;
}

/** Unlinks the external account. Throws `not-found` if there is none. */
export function clearExternalAccount(context: ChangeContext, actor: Actor, found: AccountInSpace): Promise<Account> {
  const { id } = found.account;
  return change(context, actor, async (tx, by) => {
    const account = await lockAccount(tx, id);
    if (!(await deleteExternalRow(tx, id))) throw externalNotFound(found);
    return changedExternal(tx, by, account);
  });
}

function externalNotFound(found: AccountInSpace): AppError {
  return new AppError('not-found', { what: 'external-account', owner: addressOf(found) });
}

async function changedExternal(tx: Transaction, by: By, { id, spaceId }: Account): Promise<Account> {
  await updateAccountRow(tx, id, { updated_at: by.at });
  const detail = { fields: 'external account' };
  await recordEvent(tx, { ...by, kind: 'account-changed', spaceId, accountId: id, detail });
  return getAccount(tx, id);
}
