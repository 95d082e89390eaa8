import { Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { managedAccount, managedAccountAt, managedSpace, managedSpaceIds } from '../access/managed-account.ts';
import { accountNotFound } from '../accounts/account.ts';
import { type AccountChanges, accountChangesShape, newAccountShape } from '../accounts/account-fields.ts';
import { listFilters } from '../accounts/account-state.ts';
import { findAccountWithEmail } from '../accounts/find-account.ts';
import { pageOfAccounts } from '../administration/account-list.ts';
import { blockAccount } from '../administration/block-account.ts';
import { changeAccountState, type StateChange } from '../administration/change-account-state.ts';
import * as administration from '../administration/create-account.ts';
import { deleteAccount } from '../administration/delete-account.ts';
import { revokeDevicesField, updateAccountFor } from '../administration/update-account.ts';
import { readOnlyFields, withoutReadOnly } from '../http/read-only-fields.ts';
import { type Endpoint, endpoint } from '../http/route.ts';
import { renewSessionCookie } from '../http/session-cookie.ts';
import { lifetimeShape } from '../tokens/token-expiry.ts';
import { accountAnswer, accountJson, accountJsonWith } from '../views/account.ts';
import { deviceAnswer, deviceJson } from '../views/device.ts';
import { newPasswordAnswer, newPasswordJson } from '../views/new-password.ts';
import { pageOf, pageQuery } from './page-of-query.ts';

/** Large enough for programs that write each character of a linphonerc in six bytes (`\u00e9`). */
const maxBodyBytes = 256 * 1024;

/** liblinphone 5.1 to 5.5 send "0" or "1". No other value is converted. */
const activated = Type.Optional(
  Type.Unsafe<boolean | '0' | '1'>({
    enum: [true, false, '0', '1'],
    description: 'Whether the account is activated: it can sign in and register.',
  }),
);

export const createAccount = endpoint({
  summary: 'Create an account; returns it with a new provisioning token',
  maxBodyBytes,
  body: Type.Object(
    { ...newAccountShape.properties, activated, token_lifetime: Type.Optional(lifetimeShape) },
    { additionalProperties: false, title: 'NewAccount' },
  ),
  answer: accountAnswer,
  async handle({ app, caller, body: { activated: flag, token_lifetime: lifetime, ...fields } }) {
    const space = managedSpace(app, caller, fields.domain);
    const expiry = lifetime === undefined ? {} : { lifetime };
    const wish = { fields: { ...fields, ...flagOf(flag) }, expiry };
    const { account, issued } = await administration.createAccount(app, actorOf(caller), space, wish);
    return accountJsonWith(issued, app.publicUrl, { account, space });
  },
});

export const listAccounts = endpoint({
  summary: 'List the accounts that the caller manages, in pages',
  query: Type.Object({
    ...pageQuery,
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Any part of a name, a user name, a mail address or a number, however short.',
      }),
    ),
    filter: Type.Optional(
      Type.Enum(listFilters, { description: 'Only accounts in this state, or without a mail address.' }),
    ),
    group: Type.Optional(Type.String({ maxLength: 60, description: 'Only accounts of this group.' })),
  }),
  answer: Type.Object({
    data: Type.Array(accountAnswer),
    page: Type.Integer(),
    per_page: Type.Integer(),
    total: Type.Integer(),
  }),
  async handle({ app, caller, query }) {
    const { page, perPage } = pageOf(query);
    const { search = '', filter, group } = query;
    const which = { spaceIds: managedSpaceIds(app, caller), search, findsShortParts: true, filter, group } as const;
    const { accounts, total } = await pageOfAccounts(app, which, { limit: perPage, offset: (page - 1) * perPage });
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
    'A new `password` replaces the hashes of all algorithms that the account has. With `algorithm`, only that one stays. It ends the keys that the user fetched. Named keys and device keys stay valid: `devices` lists the devices that fetch the new password, and `revoke_devices` revokes all devices instead. If a session sets the password of its own account, the answer sets its new cookie.',
  body: Type.Object(
    { ...readOnly, ...accountChangesShape.properties, activated, revoke_devices: revokeDevicesField },
    { additionalProperties: false, title: 'AccountChanges' },
  ),
  maxBodyBytes,
  conflicts: true,
  answer: newPasswordAnswer,
  async handle({ app, caller, params, body, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const { activated: flag, ...fields }: AccountBody = withoutReadOnly(body, readOnly, accountJson(found));
    const update = { ...fields, ...flagOf(flag) };
    const { account, devices, session } = await updateAccountFor(app, caller, found, update);
    if (session !== undefined) renewSessionCookie(app, reply, session);
    return newPasswordJson(accountJson({ account, space: found.space }), devices);
  },
});

export const removeAccount = endpoint({
  params: ['id'],
  summary: 'Delete an account and everything that belongs to it',
  conflicts: true,
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

const blockedAnswer = Type.Object(
  {
    ...accountAnswer.properties,
    devices: Type.Array(deviceAnswer, { description: 'The devices that were revoked.' }),
  },
  { title: 'BlockedAccount' },
);

export const stateChanges = {
  activate: stateChange('activate'),
  deactivate: stateChange('deactivate'),
  block: endpoint({
    params: ['id'],
    changes: true,
    summary: 'Block an account',
    description:
      'Revokes its open tokens, and ends the sessions and the keys that its user fetched. Named keys and device keys work again once it is unblocked, unless `revoke_devices` revokes its devices: each removes the account when it next fetches its document. `devices` lists them.',
    conflicts: true,
    body: Type.Object(
      {
        revoke_devices: Type.Optional(Type.Boolean({ description: 'Whether to revoke all devices of the account.' })),
      },
      { additionalProperties: false, title: 'Blocking' },
    ),
    answer: blockedAnswer,
    async handle({ app, caller, params, body: { revoke_devices: revokeDevices = false } }) {
      const found = await managedAccount(app, caller, params.id);
      const { account, devices } = await blockAccount(app, actorOf(caller), found.account, { revokeDevices });
      return { ...accountJson({ ...found, account }), devices: devices.map(deviceJson) };
    },
  }),
  unblock: stateChange('unblock'),
};
/** The state changes by GET, for old scripts and liblinphone 5.1 to 5.5. */
export const stateChangesByGet = {
  activate: { ...stateChanges.activate, withoutCookie: true },
  deactivate: { ...stateChanges.deactivate, withoutCookie: true },
};

function stateChange(to: StateChange): Endpoint<'id', Parameters<typeof actorOf>[0]> {
  return endpoint({
    params: ['id'],
    changes: true,
    summary: `${to.charAt(0).toUpperCase()}${to.slice(1)} an account`,
    ...(to === 'deactivate' ? { description: 'Revokes its open tokens and ends its sessions.' } : {}),
    conflicts: to === 'deactivate',
    answer: accountAnswer,
    async handle({ app, caller, params }) {
      const { account, space } = await managedAccount(app, caller, params.id);
      return accountJson({ account: await changeAccountState(app, actorOf(caller), account, to), space });
    },
  });
}

function flagOf(flag: boolean | '0' | '1' | undefined): { activated?: boolean } {
  return flag === undefined ? {} : { activated: flag === true || flag === '1' };
}
