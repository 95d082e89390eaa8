import { actorOf } from '../access/caller.ts';
import { managedAccount } from '../access/managed-account.ts';
import type { ExternalAccount } from '../accounts/account.ts';
import {
  clearExternalAccount as clear,
  externalAccountShape,
  setExternalAccount as set,
} from '../accounts/external-account.ts';
import { AppError } from '../errors.ts';
import { endpoint } from '../http/route.ts';
import { externalAccountAnswer, externalAccountJson } from '../views/external-account.ts';

export const showExternalAccount = endpoint({
  params: ['id'],
  summary: 'Get the external account, without its credentials',
  answer: externalAccountAnswer,
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return externalAccountJson(present(account.external));
  },
});

export const setExternalAccount = endpoint({
  params: ['id'],
  summary: 'Link an external account (201), or replace the linked one (200)',
  otherStatus: 201,
  body: externalAccountShape,
  answer: externalAccountAnswer,
  async handle({ app, caller, params, body, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const { account, created } = await set(app, actorOf(caller), found.account, body);
    reply.code(created ? 201 : 200);
    return externalAccountJson(present(account.external));
  },
});

export const clearExternalAccount = endpoint({
  params: ['id'],
  summary: 'Unlink the external account',
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    if ((await clear(app, actorOf(caller), account)) === undefined) throw noExternalAccount();
  },
});

function present(external: ExternalAccount | null): ExternalAccount {
  if (external === null) throw noExternalAccount();
  return external;
}

function noExternalAccount(): AppError {
  return new AppError('not-found', { what: 'external-account' });
}
