import { Type } from 'typebox';
import { getAccount } from '../accounts/account-store.ts';
import { clearExternalAccount, externalAccountShape, setExternalAccount } from '../accounts/external-account.ts';
import { type Route, route } from '../http/route.ts';
import { nullable } from '../lib/check-shape.ts';
import { externalAccountJson } from '../views/account.ts';
import { changingAccount } from './changing-account.ts';
import { managedAccount, requireFound } from './lookup.ts';

const noExternal = 'This account has no external account.';

const answer = Type.Object({
  username: Type.String(),
  domain: Type.String(),
  realm: nullable(Type.String()),
  registrar: nullable(Type.String()),
  outbound_proxy: nullable(Type.String()),
  protocol: Type.String(),
  algorithms: Type.Array(Type.String()),
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
});

export const externalAccountRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/accounts/:id/external',
    caller: 'admin',
    summary: 'The external account, without its credentials',
    answer,
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      return externalAccountJson(requireFound(account.external ?? undefined, noExternal));
    },
  }),
  route({
    method: 'POST',
    path: '/api/accounts/:id/external',
    caller: 'admin',
    summary: 'Link an external account (201), or replace the linked one (200)',
    otherStatus: 201,
    body: externalAccountShape,
    answer,
    async handle({ app, caller, params, body, reply }) {
      const { created, external } = await changingAccount(app, caller, params.id, async (db, { account }) => {
        const created = await setExternalAccount(db, account, body, app.now());
        return { created, external: (await getAccount(db, account.id)).external };
      });
      reply.code(created ? 201 : 200);
      return externalAccountJson(requireFound(external ?? undefined, noExternal));
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:id/external',
    caller: 'admin',
    summary: 'Unlink the external account',
    async handle({ app, caller, params }) {
      const removed = await changingAccount(app, caller, params.id, (db, { account }) =>
        clearExternalAccount(db, account, app.now()),
      );
      requireFound(removed || undefined, noExternal);
      return {};
    },
  }),
];
