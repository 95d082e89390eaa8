import { actorOf } from '../access/caller.ts';
import { managedAccount } from '../access/managed-account.ts';
import {
  clearExternalAccount as clear,
  getExternalAccount,
  setExternalAccount as set,
} from '../accounts/external-account.ts';
import { externalAccountShape } from '../accounts/external-account-fields.ts';
import { endpoint } from '../http/route.ts';
import { externalAccountAnswer, externalAccountJson } from '../views/external-account.ts';

export const showExternalAccount = endpoint({
  params: ['id'],
  summary: 'Get the external account, without its credentials',
  answer: externalAccountAnswer,
  async handle({ app, caller, params }) {
    return externalAccountJson(getExternalAccount(await managedAccount(app, caller, params.id)));
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
    return externalAccountJson(getExternalAccount({ ...found, account }));
  },
});

export const clearExternalAccount = endpoint({
  params: ['id'],
  summary: 'Unlink the external account',
  async handle({ app, caller, params }) {
    await clear(app, actorOf(caller), await managedAccount(app, caller, params.id));
  },
});
