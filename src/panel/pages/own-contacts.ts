import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import { addressBookAfter } from '../../contacts/contacts-of.ts';
import { outsideContactsAfter } from '../../contacts/list-outside-contacts.ts';
import type { OutsideContact } from '../../contacts/outside-contact.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import type { PageOfRows } from '../../lib/page-of-rows.ts';
import { ownHead } from '../parts/own-head.ts';
import { afterIn, nextLink, pageOrFirst, rowsOnPage } from '../parts/paging.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showOwnContacts = endpoint({
  summary: "Show the contacts that the reader's phones show",
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const query = queryOf(request);
    const accounts = await pageOrFirst(afterIn(query), (after) =>
      addressBookAfter(app, caller, { after, limit: rowsOnPage }),
    );
    const outside = await pageOrFirst(afterIn(query, 'outside'), (after) =>
      outsideContactsAfter(app, caller.space, { after, limit: rowsOnPage }),
    );
    return sendPage(reply, { html: contactsPage(reader, caller, { accounts, outside }) });
  },
});

interface Shown {
  readonly accounts: PageOfRows<AccountInSpace>;
  readonly outside: PageOfRows<OutsideContact>;
}

function contactsPage(reader: Reader, caller: Caller, { accounts, outside }: Shown): string {
  const { t, prefix } = reader;
  const [people, contacts] = [accounts.rows, outside.rows];
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

function list(reader: Reader, rows: readonly string[], next: string | undefined): string {
  if (rows.length === 0) return '';
  return html`<ul class="rows">!${rows}</ul>
!${nextLink(reader, next)}`;
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
