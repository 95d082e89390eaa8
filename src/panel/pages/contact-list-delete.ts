import { html } from 'ghtml';
import { actorOf } from '../../access/caller.ts';
import { deleteContactList } from '../../contacts/change-contact-lists.ts';
import { countPeople } from '../../contacts/people-on-lists.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { listPath } from '../parts/contact-lists.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { listAt } from './contact-list.ts';

export const showListDeletion = endpoint({
  params: ['domain', 'listId'],
  summary: 'Show what ends with a contact list, and ask',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const { space, list } = await listAt(app, caller, params);
    const reader = readerOf(app, request, reply, space);
    const { t, prefix } = reader;
    const path = listPath(space, list);
    const { members, readers } = (await countPeople(app, [list]))(list);
    const main = html`<section class="question"><ul class="points">
<li>${t('lists.endsForReaders', { readers, members })}</li>
<li>${t('lists.staysElsewhere')}</li>
<li>${t('lists.staysAccounts')}</li></ul>
<form method="post"><div class="buttons"><button class="button ending">${t('lists.deleteButton')}</button><a class="word soft" href="${prefix}${path}">${t('form.cancel')}</a></div></form></section>`;
    const title = t('lists.deleteTitle', { name: list.title });
    const page = { ...spaceHead(reader, space, '/contacts'), title, back: { path, name: list.title }, main };
    return sendPage(reply, { html: shell(reader, caller, page) });
  },
});

export const submitListDeletion = endpoint({
  params: ['domain', 'listId'],
  summary: 'Delete a contact list; its members stay',
  produces: ['text/html'],
  async handle({ app, caller, params, reply }) {
    const { space, list } = await listAt(app, caller, params);
    await deleteContactList(app, actorOf(caller), list);
    return seeOther(app, reply, `${spacePath(space, '/contacts')}?done=list-deleted`);
  },
});
