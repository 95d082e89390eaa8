import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { algorithms, type Ha1 } from '../sip/ha1.ts';
import type { Transaction } from '../storage/tables.ts';
import { type Account, type AccountInSpace, addressOf, type ExternalAccount } from './account.ts';
import { ha1Columns } from './account-row.ts';
import { getAccount, lockAccount, updateAccountRow } from './account-store.ts';
import { checkExternalFields, type ExternalAccountFields } from './external-account-fields.ts';
import { deleteExternalRow, upsertExternalRow } from './external-account-store.ts';
import { ha1sOfPassword } from './passwords.ts';

/** Links an external account, replacing an existing one. */
export function setExternalAccount(
  context: ChangeContext,
  actor: Actor,
  { id }: Pick<Account, 'id'>,
  given: ExternalAccountFields,
): Promise<{ account: Account; created: boolean }> {
  const fields = checkExternalFields(given);
  return change(context, actor, (tx, by) => setExternalAccountIn(tx, by, id, fields));
}

/** Does the same as `setExternalAccount` inside a transaction, with fields that have been checked. */
export async function setExternalAccountIn(
  tx: Transaction,
  by: By,
  id: number,
  fields: ExternalAccountFields,
): Promise<{ account: Account; created: boolean }> {
  const account = await lockAccount(tx, id);
  await upsertExternalRow(tx, {
    account_id: id,
    username: fields.username,
    auth_username: fields.auth_username ?? null,
    domain: fields.domain,
    realm: fields.realm ?? null,
    registrar: fields.registrar ?? null,
    outbound_proxy: fields.outbound_proxy ?? null,
    protocol: fields.protocol ?? 'TLS',
    ...ha1Columns(ha1sOf(fields, fields.realm ?? fields.domain)),
    created_at: account.external?.createdAt ?? by.at,
    updated_at: by.at,
  });
  return { account: await changedExternal(tx, by, account), created: account.external === null };
}

/** Returns the external account, or throws `not-found`. */
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

function ha1sOf(fields: ExternalAccountFields, realm: string): Ha1[] {
  const { password, ha1, algorithm } = fields;
  const username = fields.auth_username ?? fields.username;
  if (ha1 !== undefined && algorithm !== undefined) return [{ algorithm, ha1 }];
  return ha1sOfPassword(algorithm === undefined ? algorithms : [algorithm], username, realm, password ?? '');
}
