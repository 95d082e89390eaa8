import { html } from 'ghtml';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import type { Account, AccountInSpace } from '../../accounts/account.ts';
import { blockAccount, type Holdings, holdingsOf } from '../../administration/block-account.ts';
import { deleteAccount } from '../../administration/delete-account.ts';
import type { App } from '../../app.ts';
import { asksAgain } from '../../devices/device.ts';
import type { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import type { Sent } from '../../http/sent.ts';
import type { MessageKey } from '../../locale/translate.ts';
import { endingLists } from '../parts/ending-lists.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace } from '../space-in-view.ts';
import type { Asked } from '../view.ts';

/** A page that asks before something ends. It first lists the consequences. */
interface Ending {
  readonly title: MessageKey;
  readonly button: MessageKey;
  /** The sentence before the list of what ends. */
  readonly ends: MessageKey;
  /** The sentence after the list of what phones keep. */
  readonly stays: MessageKey;
  run(app: App, caller: Caller, account: Account): Promise<unknown>;
  /** Returns the path of the next page. */
  next(caller: Caller, found: AccountInSpace): string;
}

const blocking: Ending = {
  title: 'ending.blockTitle',
  button: 'ending.blockButton',
  ends: 'ending.blocked',
  stays: 'ending.inList',
  run: (app, caller, account) => blockAccount(app, actorOf(caller), account, { revokeDevices: true }),
  next: (_, { account }) => `/admin/accounts/${account.id}?done=left`,
};

const deletion: Ending = {
  title: 'ending.deleteTitle',
  button: 'ending.deleteButton',
  ends: 'ending.deleted',
  stays: 'ending.keepsNothing',
  run: (app, caller, account) => deleteAccount(app, actorOf(caller), account),
  next: (caller, { space }) => inSpace(caller, space, '/admin/accounts?done=deleted'),
};

export const showBlocking = endpoint({
  params: ['id'],
  summary: 'Show what ends if an account is blocked together with its devices',
  produces: ['text/html'],
  handle: (asked) => show(blocking, asked),
});

export const submitBlocking = endpoint({
  params: ['id'],
  summary: 'Block an account and revoke its devices',
  produces: ['text/html'],
  handle: (asked) => submit(blocking, asked),
});

export const showDeletion = endpoint({
  params: ['id'],
  summary: 'Show what ends if an account is deleted',
  produces: ['text/html'],
  handle: (asked) => show(deletion, asked),
});

export const submitDeletion = endpoint({
  params: ['id'],
  summary: 'Delete an account',
  produces: ['text/html'],
  handle: (asked) => submit(deletion, asked),
});

interface AskedOfAccount extends Asked {
  readonly params: { readonly id: string };
}

async function show(ending: Ending, asked: AskedOfAccount): Promise<Sent> {
  const { app, caller, params } = asked;
  return sendPage(asked.reply, await endingPage(ending, asked, await managedAccount(app, caller, params.id)));
}

async function submit(ending: Ending, asked: AskedOfAccount): Promise<Sent> {
  const { app, caller, params, reply } = asked;
  const found = await managedAccount(app, caller, params.id);
  const { refusal } = await tryChange(() => ending.run(app, caller, found.account));
  if (refusal === undefined) return seeOther(app, reply, ending.next(caller, found));
  return sendPage(reply, await endingPage(ending, asked, found, refusal));
}

async function endingPage(
  ending: Ending,
  asked: AskedOfAccount,
  found: AccountInSpace,
  refusal?: AppError,
): Promise<Page> {
  const { app, caller, request, reply } = asked;
  const reader = readerOf(app, request, reply, found.space);
  const { t, prefix } = reader;
  const held = await holdingsOf(app, found.account);
  const path = `/admin/accounts/${found.account.id}`;
  const ends = [t(ending.ends), ...endingWith(reader, held)];
  const stays = [...stayingWith(reader, held), t(ending.stays)];
  const button = t(ending.button, { phones: held.devices.length });
  const main = html`!${refusalBanner(reader, refusal)}
!${endingLists(reader, { ends, stays })}
<form method="post" class="buttons"><button class="button ending">${button}</button><a class="word soft" href="${prefix}${path}">${t('form.cancel')}</a></form>`;
  const name = nameOf(found);
  const head = { title: t(ending.title, { name }), place: '/admin/accounts', space: found.space, back: { path, name } };
  return { html: shell(reader, caller, { ...head, main }), ...statusOf(refusal) };
}

function endingWith({ t }: Reader, { devices, hasCode, sessions }: Holdings): string[] {
  const names = devices.map(({ name }) => name).join(', ');
  return [
    ...(devices.length === 0 ? [] : [t('ending.devices', { phones: devices.length, names })]),
    ...(hasCode ? [t('ending.code')] : []),
    ...(sessions === 0 ? [] : [t('ending.sessions', { sessions })]),
  ];
}

function stayingWith({ t }: Reader, { devices }: Holdings): string[] {
  if (devices.length === 0) return [];
  const names = (isAsking: boolean) =>
    devices
      .filter((device) => asksAgain(device) === isAsking)
      .map(({ name }) => name)
      .join(', ');
  const [forgetting, keeping] = [names(true), names(false)];
  return [
    t('ending.inPhones'),
    ...(forgetting === '' ? [] : [t('ending.forget', { names: forgetting })]),
    ...(keeping === '' ? [] : [t('ending.keep', { names: keeping })]),
  ];
}

function nameOf({ account }: AccountInSpace): string {
  return account.displayName ?? account.username;
}
