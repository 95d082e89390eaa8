import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedAccount, managedAccountAt } from '../../access/managed-account.ts';
import type { AccountInSpace } from '../../accounts/account.ts';
import { addressIn } from '../../accounts/find-account.ts';
import type { App } from '../../app.ts';
import { putOnList, takeOffList } from '../../contacts/change-contact-lists.ts';
import { addContact, removeContact } from '../../contacts/change-contacts.ts';
import { contactsAfter, getContact } from '../../contacts/contacts-of.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn, refusalText } from '../../locale/failure-text.ts';
import { accountHead } from '../parts/account-head.ts';
import { listNamed, listsOfAccount, namedListForm } from '../parts/account-lists.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { field } from '../parts/field.ts';
import { namedPerson } from '../parts/named-person.ts';
import { afterIn, nextLink, pageOrFirst, placeIn, rowsOnPage } from '../parts/paging.ts';
import { concernsFields, ending, isConflict, isUnknown, refusalBanner, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import type { AccountView } from '../view.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['add', 'remove', 'give', 'withdraw'])),
  contact: Type.Optional(Type.String({ maxLength: 400 })),
  ...namedListForm.properties,
});

export const showContacts = endpoint({
  params: ['id'],
  summary: 'Show the contacts of an account',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const reader = readerOf(app, request, reply, found.space);
    const query = queryOf(request);
    const shown = { done: query.get('done'), query };
    return sendPage(reply, { html: await contactsPage({ app, reader, caller, found }, shown) });
  },
});

export const changeContacts = endpoint({
  params: ['id'],
  summary: 'Add a contact to an account or remove one, or give it a contact list or take that away',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const sent = requireShape(form, body);
    const { done, refusal } = await tryChange(
      () => changeContact(app, caller, found, sent),
      (error) => isUnknown(error) || isConflict(error) || concernsFields(error),
    );
    const query = queryOf(request);
    const place = `${placeIn(query)}${placeIn(query, 'lists')}`;
    const path = `/admin/accounts/${found.account.id}/contacts`;
    if (refusal === undefined) return seeOther(app, reply, `${path}?done=${done}${place}`);
    const reader = readerOf(app, request, reply, found.space);
    const shown = { query, sent, error: refusal };
    return sendPage(reply, { html: await contactsPage({ app, reader, caller, found }, shown), status: 422 });
  },
});

async function changeContact(app: App, caller: Caller, owner: AccountInSpace, sent: Static<typeof form>) {
  const { action, contact: name = '' } = sent;
  if (action === 'give' || action === 'withdraw') {
    const found = await listNamed(app, caller, owner, sent);
    const reading = { accounts: [owner], side: 'reader' } as const;
    if (action === 'give') await putOnList(app, actorOf(caller), found, reading);
    else await ending(() => takeOffList(app, actorOf(caller), found, reading));
    return action;
  }
  if (action === 'remove') {
    await ending(async () => removeContact(app, actorOf(caller), owner, await getContact(app, owner.account, name)));
    return 'removed';
  }
  const address = addressIn(owner.space, name);
  await addContact(app, actorOf(caller), owner.account, await managedAccountAt(app, caller, address));
  return 'added';
}

const sentences = {
  added: 'contact.added',
  removed: 'contact.removed',
  give: 'lists.given',
  withdraw: 'lists.withdrawn',
} as const;

interface Shown {
  readonly query: URLSearchParams;
  readonly done?: string | null;
  /** The form as it was sent, if it was refused. */
  readonly sent?: Static<typeof form>;
  readonly error?: AppError;
}

async function contactsPage(view: AccountView, { query, done, sent, error }: Shown) {
  const { reader, caller, found } = view;
  const { t } = reader;
  const isAboutList = sent?.action === 'give' || sent?.action === 'withdraw';
  const mistakes = error === undefined ? [] : (mistakesIn(t, error)?.list_name ?? [refusalText(t, error)]);
  const typed = sent?.list_name;
  const lists = { after: afterIn(query, 'lists'), typed, mistakes: typed === undefined ? [] : mistakes };
  const { tabs, ...head } = accountHead(reader, found, '/contacts');
  const main = html`!${tabs}
!${doneBanner(doneSentence(reader, done ?? null, sentences))}
!${isAboutList && typed === undefined ? refusalBanner(reader, error) : ''}
!${await contactList(view, afterIn(query))}
<section><h2>${t('contact.addTitle')}</h2>
<form method="post">
!${field({
    name: 'contact',
    label: t('contact.who'),
    hint: html`${t('contact.whoHint', { domain: found.space.domain })}`,
    attributes: html`value="${sent?.contact ?? ''}" required autocapitalize="none" spellcheck="false" autocomplete="off"`,
    mistakes: isAboutList ? [] : mistakes,
  })}
<div class="buttons"><button class="button" name="action" value="add">${t('contact.add')}</button></div></form></section>
!${await listsOfAccount(view, lists)}`;
  return shell(reader, caller, { ...head, main });
}

async function contactList(view: AccountView, from: number | undefined): Promise<string> {
  const { app, reader, caller, found } = view;
  const { t, prefix } = reader;
  const { rows, more } = await pageOrFirst(from, (after) =>
    contactsAfter(app, found.account, { after, limit: rowsOnPage }),
  );
  if (rows.length === 0) return html`<h2>${t('contact.none')}</h2><p class="soft">${t('contact.noneLine')}</p>`;
  const path = `${prefix}/admin/accounts/${found.account.id}/contacts`;
  return html`<ul class="rows">!${rows.map((each) => contactRow(reader, caller, each))}</ul>
!${nextLink(reader, more ? `${path}?after=${rows.at(-1)?.account.id}` : undefined)}`;
}

function contactRow(reader: Reader, caller: Caller, contact: AccountInSpace): string {
  const { t } = reader;
  const { id, displayName, username } = contact.account;
  const name = displayName ?? username;
  return html`<li>!${namedPerson(reader, caller, contact)}
<form method="post"><input type="hidden" name="contact" value="${id}"><button class="word soft" name="action" value="remove" aria-label="${t('contact.removeNamed', { name })}">${t('contact.remove')}</button></form></li>`;
}
