import { html } from 'ghtml';
import { addressOf } from '../../accounts/account.ts';
import { pageOfAddressBook } from '../../contacts/contacts-of.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { ownHead } from '../parts/own-head.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const maxShown = 200;

export const showOwnContacts = endpoint({
  summary: "Show the contacts that the reader's phones show",
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const { t } = reader;
    const contacts = await pageOfAddressBook(app, caller, { limit: maxShown, offset: 0 });
    const rows = contacts.map((contact) => {
      const { displayName, username } = contact.account;
      return html`<li><div><b><bdi>${displayName ?? username}</bdi></b><span class="second">${addressOf(contact)}</span></div></li>`;
    });
    const { tabs, ...head } = ownHead(reader, caller, '/contacts');
    const main = html`!${tabs}
!${rows.length === 0 ? html`<h2>${t('contact.none')}</h2><p class="soft">${t('mine.noContacts')}</p>` : html`<p class="soft">${t('mine.contactsLine')}</p><ul class="rows">!${rows}</ul>`}`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});
