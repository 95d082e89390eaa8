import type { Account } from '../accounts/account.ts';
import { checkAccountFields } from '../accounts/account-fields.ts';
import { findAccounts } from '../accounts/account-store.ts';
import { changeExternalAccountIn } from '../accounts/external-account.ts';
import { checkExternalChanges } from '../accounts/external-account-fields.ts';
import { givenOrGenerated } from '../accounts/passwords.ts';
import { createAccountsIn } from '../administration/create-account.ts';
import type { By } from '../events/actor.ts';
import { required } from '../lib/required.ts';
import { inviteIn } from '../mail/invite.ts';
import type { Space } from '../spaces/space.ts';
import type { Transaction } from '../storage/tables.ts';
import { storeCodes } from '../tokens/issue-token.ts';
import { tokenExpiry } from '../tokens/token-expiry.ts';
import { accountOf } from './check-row.ts';
import type { Decision } from './decide-rows.ts';
import { externalIn } from './external-cells.ts';
import type { CheckedFields, ImportOptions, ImportRow } from './import.ts';
import type { Writing } from './import-context.ts';

/** An account that a row created, and its password if one was generated. */
export interface CreatedAccount {
  readonly id: number;
  readonly password: string | undefined;
}

/**
 * Creates the accounts of new rows, with their codes. It takes as many statements for a hundred rows as for one.
 * Returns the accounts by the positions of their rows.
 */
export async function createRows(
  { context, tx, by }: Writing,
  { space, options }: { readonly space: Space; readonly options: ImportOptions },
  rows: readonly { readonly row: ImportRow; readonly decision: Decision }[],
): Promise<ReadonlyMap<number, CreatedAccount>> {
  const wishes: (Awaited<ReturnType<typeof wishOf>> & { readonly position: number })[] = [];
  for (const { row, decision } of rows) {
    if (decision.kind === 'create') wishes.push({ position: row.position, ...(await wishOf(decision.fields, space)) });
  }
  if (wishes.length === 0) return new Map();
  const ids = await createAccountsIn(
    tx,
    by,
    space,
    wishes.map(({ checked }) => checked),
  );
  const codes = ids.flatMap((accountId, index) =>
    getsCode(options, required(wishes[index]).fields) ? [{ accountId, code: context.codes.make() }] : [],
  );
  await storeCodes(tx, by, space.id, { expiresAt: tokenExpiry(by.at, space, context.tokenLifetimeMs), codes });
  const created = new Map<number, CreatedAccount>();
  for (const [index, { position, password, fields }] of wishes.entries()) {
    const id = required(ids[index]);
    await linkExternal(tx, by, { id, external: null }, fields);
    created.set(position, { id, password });
  }
  return created;
}

/** Returns whether a new account gets a code. A code that nobody hands out would only expire. */
function getsCode({ codes = true, invite }: ImportOptions, fields: CheckedFields): boolean {
  return codes || (invite && fields.email !== undefined);
}

/** Queues a mail with the code for each of these accounts that has a mail address. */
export async function inviteCreated(
  { context, tx, by }: Writing,
  { space, batch }: { readonly space: Space; readonly batch: number },
  created: ReadonlyMap<number, CreatedAccount>,
): Promise<void> {
  const ids = [...created.values()].map(({ id }) => id);
  for (const account of await findAccounts(tx, ids)) {
    await inviteIn(tx, context, by, { account, space, wish: {}, batch });
  }
}

async function wishOf(fields: CheckedFields, space: Space) {
  const { username = '' } = fields;
  const { ha1s, ...given } = { ...accountOf(fields), username };
  if (ha1s !== undefined) {
    return { fields, password: undefined, checked: await checkAccountFields({ ...given, ha1s }, space) };
  }
  const { password, generated } = givenOrGenerated(given.password, space);
  return { fields, password: generated, checked: await checkAccountFields({ ...given, password }, space) };
}

/** Links the external account in a row or changes the linked one. Does nothing if the row has none. */
export async function linkExternal(
  tx: Transaction,
  by: By,
  { id, external }: Pick<Account, 'id' | 'external'>,
  fields: CheckedFields,
): Promise<void> {
  const changes = externalIn(fields, external);
  if (changes !== undefined) await changeExternalAccountIn(tx, by, id, checkExternalChanges(changes));
}
