import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import { addressBookAfter } from '../../contacts/contacts-of.ts';
import { outsideContactsAfter } from '../../contacts/list-outside-contacts.ts';
import type { OutsideContact } from '../../contacts/outside-contact.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { parseId } from '../../lib/parse-id.ts';
import { ownHead } from '../parts/own-head.ts';
import { rowsOnPage } from '../parts/paging.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showOwnContacts = endpoint({
  summary: "Show the contacts that the reader's phones show",
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const query = queryOf(request);
    const idIn = (name: string) => parseId(query.get(name) ?? '') ?? 0;
    const accountsFrom = (after: number) => addressBookAfter(app, caller, { after, limit: rowsOnPage });
    const outsideFrom = (after: number) => outsideContactsAfter(app, caller.space, { after, limit: rowsOnPage });
    let [accounts, outside] = [await accountsFrom(idIn('after')), await outsideFrom(idIn('outside'))];
    // Those of a later page may have been removed since.
    if (accounts.people.length === 0) accounts = await accountsFrom(0);
    if (outside.contacts.length === 0) outside = await outsideFrom(0);
    return sendPage(reply, { html: contactsPage(reader, caller, { accounts, outside }) });
  },
});

interface Shown {
  readonly accounts: { readonly people: readonly AccountInSpace[]; readonly more: boolean };
  readonly outside: { readonly contacts: readonly OutsideContact[]; readonly more: boolean };
}

function contactsPage(reader: Reader, caller: Caller, { accounts, outside }: Shown): string {
  const { t, prefix } = reader;
  const { people } = accounts;
  const { contacts } = outside;
  const { tabs, ...head } = ownHead(reader, caller, '/contacts');
  const path = `${prefix}/account/contacts`;
  const next = accounts.more ? `${path}?after=${people.at(-1)?.account.id}` : undefined;
  const nextOutside = outside.more ? `${path}?outside=${contacts.at(-1)?.id}#outside` : undefined;
  const rows = html`<p class="soft">${t('mine.contactsLine')}</p>
!${list(reader, people.map(accountRow), next)}
!${contacts.length === 0 ? '' : html`<section id="outside"><h2>${t('outside.title')}</h2>!${list(reader, contacts.map(outsideRow), nextOutside)}</section>`}`;
  const isEmpty = people.length === 0 && contacts.length === 0;
  const none = html`<h2>${t('contact.none')}</h2><p class="soft">${t('mine.noContacts')}</p>`;
  return shell(reader, caller, {
    ...head,
    main: html`!${tabs}
!${isEmpty ? none : rows}`,
  });
}

function list({ t }: Reader, rows: readonly string[], next: string | undefined): string {
  if (rows.length === 0) return '';
  return html`<ul class="rows">!${rows}</ul>
!${next === undefined ? '' : html`<p class="next"><a rel="next" href="${next}">${t('accounts.next')}</a></p>`}`;
}

function accountRow(contact: AccountInSpace): string {
  const { displayName, username } = contact.account;
  return row(displayName ?? username, addressOf(contact));
}

function outsideRow({ name, sipUri, phone, organization }: OutsideContact): string {
  const address = sipUri?.replace(/^sip:/, '') ?? null;
  return row(name, [address, phone, organization].filter((each) => each !== null).join(' · '));
}

function row(name: string, second: string): string {
  return html`<li><div><b><bdi>${name}</bdi></b><span class="second">${second}</span></div></li>`;
}
