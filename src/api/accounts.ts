import { Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { managedAccount, managedAccountAt, managedSpace, managedSpaceIds } from '../access/managed-account.ts';
import { accountNotFound } from '../accounts/account.ts';
import { type AccountChanges, accountChangesShape, newAccountShape } from '../accounts/account-fields.ts';
import { findAccountWithEmail } from '../accounts/find-account.ts';
import { pageOfAccounts } from '../accounts/list-accounts.ts';
import { changeAccountState, type StateChange } from '../administration/account-state.ts';
import * as administration from '../administration/create-account.ts';
import { deleteAccount } from '../administration/delete-account.ts';
import { revokeDevicesField, updateAccount } from '../administration/update-account.ts';
import { readOnlyFields, withoutReadOnly } from '../http/read-only-fields.ts';
import { type Endpoint, endpoint } from '../http/route.ts';
import { lifetimeShape } from '../tokens/token-expiry.ts';
import { accountAnswer, accountJson } from '../views/account.ts';
import { newPasswordAnswer, newPasswordJson } from '../views/new-password.ts';
import { pageOf, pageQuery } from './page-of-query.ts';

/** liblinphone 5.1 to 5.5 send "0" or "1". No other value is converted. */
const activated = Type.Optional(Type.Unsafe<boolean | '0' | '1'>({ enum: [true, false, '0', '1'] }));

export const createAccount = endpoint({
  summary: 'Create an account; returns it with a new provisioning token',
  body: Type.Object(
    { ...newAccountShape.properties, activated, token_lifetime: Type.Optional(lifetimeShape) },
    { additionalProperties: false },
  ),
  answer: accountAnswer,
  async handle({ app, caller, body: { activated: flag, token_lifetime: lifetime, ...fields } }) {
    const space = managedSpace(app, caller, fields.domain);
    const wish = lifetime === undefined ? {} : { lifetime };
    const input = { ...fields, ...flagOf(flag) };
    const { account, issued } = await administration.createAccount(app, actorOf(caller), space, input, wish);
    return accountJson({ account, space }, issued);
  },
});

export const listAccounts = endpoint({
  summary: 'List the accounts that the caller manages, in pages',
  query: Type.Object({ ...pageQuery, search: Type.Optional(Type.String({ maxLength: 200 })) }),
  answer: Type.Object({
    data: Type.Array(accountAnswer),
    page: Type.Integer(),
    per_page: Type.Integer(),
    total: Type.Integer(),
  }),
  async handle({ app, caller, query }) {
    const { page, perPage } = pageOf(query);
    const filter = { spaceIds: managedSpaceIds(app, caller), search: query.search ?? '' };
    const { accounts, total } = await pageOfAccounts(app, filter, { limit: perPage, offset: (page - 1) * perPage });
    return { data: accounts.map((found) => accountJson(found)), page, per_page: perPage, total };
  },
});

export const showAccount = endpoint({
  params: ['id'],
  summary: 'Get an account',
  answer: accountAnswer,
  handle: async ({ app, caller, params }) => accountJson(await managedAccount(app, caller, params.id)),
});

type AccountBody = Omit<AccountChanges, 'activated'> & { readonly activated?: boolean | '0' | '1' };
const readOnly = readOnlyFields(accountAnswer, accountChangesShape);

export const changeAccount = endpoint({
  params: ['id'],
  summary: 'Change an account; absent fields stay as they are',
  description:
    'A new `password` replaces the hashes of all algorithms that the account has. With `algorithm`, only that one stays. It ends the keys that users fetched for themselves. Named keys and device keys stay valid: `devices` lists the devices that fetch the new password, and `revoke_devices` revokes them.',
  body: Type.Object(
    { ...readOnly, ...accountChangesShape.properties, activated, revoke_devices: revokeDevicesField },
    { additionalProperties: false },
  ),
  answer: newPasswordAnswer,
  async handle({ app, caller, params, body }) {
    const found = await managedAccount(app, caller, params.id);
    const { activated: flag, ...fields }: AccountBody = withoutReadOnly(body, readOnly, accountJson(found));
    const { account, devices } = await updateAccount(app, actorOf(caller), found, { ...fields, ...flagOf(flag) });
    return newPasswordJson({ account, space: found.space }, devices);
  },
});

export const removeAccount = endpoint({
  params: ['id'],
  summary: 'Delete an account and everything that belongs to it',
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    await deleteAccount(app, actorOf(caller), account);
  },
});

export const searchAccount = endpoint({
  params: ['sip'],
  summary: 'Find the account with a SIP address',
  answer: accountAnswer,
  handle: async ({ app, caller, params }) => accountJson(await managedAccountAt(app, caller, params.sip)),
});

export const searchAccountByEmail = endpoint({
  params: ['email'],
  summary: 'Find the account with an e-mail address',
  answer: accountAnswer,
  async handle({ app, caller, params }) {
    const found = await findAccountWithEmail(app, managedSpaceIds(app, caller), params.email);
    if (found === undefined) throw accountNotFound(params.email);
    return accountJson(found);
  },
});

export const stateChanges = {
  activate: stateChange('activate'),
  deactivate: stateChange('deactivate'),
  block: stateChange('block'),
  unblock: stateChange('unblock'),
};
/** The same with GET, for old scripts and liblinphone 5.1 to 5.5. */
export const stateChangesByGet = {
  activate: { ...stateChanges.activate, withoutCookie: true },
  deactivate: { ...stateChanges.deactivate, withoutCookie: true },
};

function stateChange(to: StateChange): Endpoint<'id', Parameters<typeof actorOf>[0]> {
  return endpoint({
    params: ['id'],
    changes: true,
    summary: `${to.charAt(0).toUpperCase()}${to.slice(1)} an account`,
    ...descriptionOf(to),
    answer: accountAnswer,
    async handle({ app, caller, params }) {
      const { account, space } = await managedAccount(app, caller, params.id);
      return accountJson({ account: await changeAccountState(app, actorOf(caller), account, to), space });
    },
  });
}

function descriptionOf(to: StateChange): { description?: string } {
  if (to === 'deactivate') return { description: 'Revokes its open tokens.' };
  if (to !== 'block') return {};
  return {
    description:
      'Revokes its open tokens, and ends the keys that its users fetched for themselves. Named keys and device keys work again once it is unblocked.',
  };
}

function flagOf(flag: boolean | '0' | '1' | undefined): { activated?: boolean } {
  return flag === undefined ? {} : { activated: flag === true || flag === '1' };
}
