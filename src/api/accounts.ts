import { Type } from 'typebox';
import { actorOf } from '../access/actor-of-caller.ts';
import { accountChangesShape, newAccountShape } from '../accounts/account-fields.ts';
import { accountNotFound, findAccountByEmail, listAccounts } from '../accounts/account-store.ts';
import { changeAccount, changeAccountState, type StateChange } from '../administration/account-state.ts';
import { makeAccount } from '../administration/create-account.ts';
import { deleteAccount } from '../administration/manage-accounts.ts';
import { type Route, route } from '../http/route.ts';
import { lifetimeShape, tokenExpiry } from '../tokens/token-expiry.ts';
import { accountAnswer, accountJson } from '../views/account.ts';
import { changingAccount } from './changing-account.ts';
import { managedAccount, managedAccountBySip, managedSpace, managedSpaceIds, pageOf } from './lookup.ts';

/** liblinphone 5.1 to 5.5 send "0" or "1"; the one value that is converted. */
const activated = Type.Optional(Type.Unsafe<boolean | '0' | '1'>({ enum: [true, false, '0', '1'] }));
const newAccountBody = Type.Object(
  { ...newAccountShape.properties, activated, token_lifetime: Type.Optional(lifetimeShape) },
  { additionalProperties: false },
);
const accountChangesBody = Type.Object(
  { ...accountChangesShape.properties, activated },
  { additionalProperties: false },
);

const listQuery = Type.Object({
  page: Type.Optional(Type.String({ maxLength: 7, description: 'From 1 on.' })),
  per_page: Type.Optional(Type.String({ maxLength: 7, description: '1 to 100; default 20.' })),
  search: Type.Optional(Type.String({ maxLength: 200 })),
});

export const accountRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/accounts',
    caller: 'admin',
    summary: 'Make an account; answers it with a fresh provisioning token',
    body: newAccountBody,
    answer: accountAnswer,
    async handle({ app, caller, body }) {
      const space = managedSpace(app, caller, body.domain);
      const { activated: flag, token_lifetime: lifetime, ...fields } = body;
      const now = app.now();
      const expiresAt = tokenExpiry(now, space, app.tokenLifetimeMs, lifetime === undefined ? {} : { lifetime });
      const work = app.database.transaction();
      const { account, issued } = await work.execute((db) =>
        makeAccount(db, space, { ...fields, ...flagOf(flag) }, { issuer: actorOf(caller), expiresAt, now }),
      );
      return accountJson(account, space, issued);
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts',
    caller: 'admin',
    summary: 'The accounts that the caller manages, a page at a time',
    query: listQuery,
    answer: Type.Object({
      data: Type.Array(accountAnswer),
      page: Type.Integer(),
      per_page: Type.Integer(),
      total: Type.Integer(),
    }),
    async handle({ app, caller, query }) {
      const { page, perPage } = pageOf(query);
      const { accounts, total } = await listAccounts(
        app.database,
        { spaceIds: managedSpaceIds(app, caller), search: query.search ?? '' },
        { limit: perPage, offset: (page - 1) * perPage },
      );
      const data = accounts.map((account) => accountJson(account, app.spaces.getById(account.spaceId)));
      return { data, page, per_page: perPage, total };
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts/:id',
    caller: 'admin',
    summary: 'One account',
    answer: accountAnswer,
    async handle({ app, caller, params }) {
      const { account, space } = await managedAccount(app, caller, params.id);
      return accountJson(account, space);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/accounts/:id',
    caller: 'admin',
    summary: 'Change an account; absent fields stay as they are',
    description:
      'A new `password` renews every algorithm that the account has; `algorithm` beside it makes it the only one.',
    body: accountChangesBody,
    answer: accountAnswer,
    async handle({ app, caller, params, body }) {
      const { activated: flag, ...fields } = body;
      return changingAccount(app, caller, params.id, async (db, { account, space }) => {
        return accountJson(await changeAccount(db, account, space, { ...fields, ...flagOf(flag) }, app.now()), space);
      });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:id',
    caller: 'admin',
    summary: 'Delete an account with all that belongs to it',
    async handle({ app, caller, params }) {
      return changingAccount(app, caller, params.id, async (db, { account }) => {
        await deleteAccount(db, account);
        return {};
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts/:sip/search',
    caller: 'admin',
    summary: 'The account of a SIP address',
    answer: accountAnswer,
    async handle({ app, caller, params }) {
      const { account, space } = await managedAccountBySip(app, caller, params.sip);
      return accountJson(account, space);
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts/:email/search-by-email',
    caller: 'admin',
    summary: 'The account of an e-mail address',
    answer: accountAnswer,
    async handle({ app, caller, params }) {
      const account = await findAccountByEmail(app.database, managedSpaceIds(app, caller), params.email);
      if (account === undefined) throw accountNotFound();
      return accountJson(account, app.spaces.getById(account.spaceId));
    },
  }),
  ...(['activate', 'deactivate', 'block', 'unblock'] as const).map((change) => stateRoute('POST', change)),
  ...(['activate', 'deactivate'] as const).map((change) => stateRoute('GET', change)),
];

function stateRoute(method: 'GET' | 'POST', change: StateChange): Route {
  return route({
    method,
    path: `/api/accounts/:id/${change}`,
    caller: 'admin',
    changes: true,
    withoutCookie: method === 'GET',
    summary: `${change.charAt(0).toUpperCase()}${change.slice(1)} an account`,
    ...(change === 'block' || change === 'deactivate' ? { description: 'Ends its open tokens.' } : {}),
    answer: accountAnswer,
    async handle({ app, caller, params }) {
      return changingAccount(app, caller, (params as { id: string }).id, async (db, { account, space }) =>
        accountJson(await changeAccountState(db, account, change, app.now()), space),
      );
    },
  });
}

function flagOf(flag: boolean | '0' | '1' | undefined): { activated?: boolean } {
  return flag === undefined ? {} : { activated: flag === true || flag === '1' };
}
