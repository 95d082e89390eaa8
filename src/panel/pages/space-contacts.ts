import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { updateSpaceFor } from '../../administration/update-space.ts';
import type { App } from '../../app.ts';
import { createContactList } from '../../contacts/change-contact-lists.ts';
import { addOutsideContact } from '../../contacts/change-outside-contacts.ts';
import { newContactListShape } from '../../contacts/contact-list.ts';
import { contactListsAfter } from '../../contacts/list-contact-lists.ts';
import { outsideContactsAfter } from '../../contacts/list-outside-contacts.ts';
import { newOutsideContactShape, type OutsideContact } from '../../contacts/outside-contact.ts';
import { countPeople } from '../../contacts/people-on-lists.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { type Mistakes, mistakesIn } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import {
  contactListFields,
  contactListForm,
  contactListMistakes,
  contactListTable,
  listPath,
  listsOnPage,
} from '../parts/contact-lists.ts';
import { withoutCarriageReturns } from '../parts/field.ts';
import { contactFields, contactMistakes, contactValues, outsideContactForm } from '../parts/outside-contact-form.ts';
import { afterIn, nextLink, pageOrFirst, rowsOnPage } from '../parts/paging.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['add', 'directory', 'list'])),
  directory: Type.Optional(Type.Enum(['chosen', 'everyone'])),
  ...outsideContactForm.properties,
  ...contactListForm.properties,
});

export const showSpaceContacts = endpoint({
  params: ['domain'],
  summary: 'Show who is in the address books of a space, and the contacts from outside',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const query = queryOf(request);
    const after = { after: afterIn(query), afterList: afterIn(query, 'lists') };
    const shown = { space, ...after, done: query.get('done'), values: {} };
    return sendPage(reply, await pageOf(app, readerOf(app, request, reply, space), caller, shown));
  },
});

export const submitSpaceContacts = endpoint({
  params: ['domain'],
  summary: 'Choose who is in the address books (`action=directory`), or add a contact from outside (`action=add`)',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const {
      action = 'add',
      directory = space.directory,
      title = '',
      description,
      ...values
    } = requireShape(form, body);
    const path = spacePath(space, '/contacts');
    if (action === 'directory') {
      await updateSpaceFor(app, caller, space, { directory });
      return seeOther(app, reply, `${path}?done=directory`);
    }
    if (action === 'list') {
      const { done: list, refusal: error } = await tryChange(() => {
        const fields = requireShape(newContactListShape, { title, description: withoutCarriageReturns(description) });
        return createContactList(app, actorOf(caller), space, fields);
      });
      if (error === undefined) return seeOther(app, reply, `${listPath(space, list)}?done=made`);
      const shown = { space, values: {}, list: { title, description: description ?? '' }, error };
      return sendPage(reply, await pageOf(app, readerOf(app, request, reply, space), caller, shown));
    }
    const { refusal: error } = await tryChange(async () => {
      const fields = requireShape(newOutsideContactShape, contactValues(values));
      await addOutsideContact(app, actorOf(caller), space, fields);
    });
    if (error === undefined) return seeOther(app, reply, `${path}?done=add`);
    const shown = { space, values, error };
    return sendPage(reply, await pageOf(app, readerOf(app, request, reply, space), caller, shown));
  },
});

interface Shown {
  readonly space: Space;
  /** The id of the last contact on the page before. */
  readonly after?: number | undefined;
  /** The id of the last contact list on the page before. */
  readonly afterList?: number | undefined;
  readonly done?: string | null;
  readonly values: Static<typeof outsideContactForm>;
  /** The values that were typed for a new list. */
  readonly list?: Static<typeof contactListForm>;
  readonly error?: AppError;
}

const sentences = {
  directory: 'form.saved',
  add: 'outside.added',
  save: 'form.saved',
  delete: 'outside.removed',
  'list-deleted': 'lists.deleted',
} as const;

async function pageOf(app: App, reader: Reader, caller: Caller, shown: Shown): Promise<Page> {
  const { t, prefix } = reader;
  const { space, values, error } = shown;
  const mistakes = mistakesIn(t, error);
  const { rows: contacts, more } = await pageOrFirst(shown.after, (after) =>
    outsideContactsAfter(app, space, { after, limit: rowsOnPage }),
  );
  const next = more ? `${prefix}${spacePath(space, '/contacts')}?after=${contacts.at(-1)?.id}` : undefined;
  const main = html`!${doneBanner(doneSentence(reader, shown.done ?? null, sentences))}
!${refusalBanner(reader, error)}
!${shown.list === undefined ? contactMistakes(reader, mistakes) : contactListMistakes(reader, mistakes)}
!${directoryForm(reader, space)}
!${await listsSection(app, reader, shown, mistakes)}
<section><h2>${t('outside.title')}</h2><p class="soft">${t('outside.line')}</p>
!${contacts.length === 0 ? html`<p>${t('outside.empty')}</p>` : table(reader, space, contacts)}
!${nextLink(reader, next)}</section>
<section><h2>${t('outside.add')}</h2><form method="post">
!${contactFields(reader, values, shown.list === undefined ? mistakes : undefined)}
<div class="buttons"><button class="button" name="action" value="add">${t('outside.addButton')}</button></div>
</form></section>`;
  const page = { ...spaceHead(reader, space, '/contacts'), line: html`${t('space.contactsWhat')}`, main };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}

async function listsSection(
  app: App,
  reader: Reader,
  { space, afterList, list: typed }: Shown,
  mistakes: Mistakes | undefined,
): Promise<string> {
  const { t, prefix } = reader;
  const { rows: lists, more } = await pageOrFirst(afterList, (after) =>
    contactListsAfter(app, space, { after, limit: listsOnPage }),
  );
  const count = await countPeople(app, lists);
  const next = more ? `${prefix}${spacePath(space, '/contacts')}?lists=${lists.at(-1)?.id}#lists` : undefined;
  return html`<section id="lists"><h2>${t('lists.title')}</h2><p class="soft">${t('lists.line')}</p>
!${contactListTable(
    reader,
    space,
    lists.map((list) => ({ list, ...count(list) })),
  )}
!${nextLink(reader, next)}
<details!${typed === undefined || mistakes === undefined ? '' : ' open'}><summary>${t('lists.new')}</summary><form method="post">
!${contactListFields(reader, typed ?? {}, typed && mistakes)}
<div class="buttons"><button class="button plain" name="action" value="list">${t('lists.make')}</button></div></form></details></section>`;
}

function directoryForm({ t }: Reader, { directory }: Space): string {
  const options = (['chosen', 'everyone'] as const).map((each) => {
    const checked = each === directory ? ' checked' : '';
    return html`<div class="check"><input type="radio" id="directory-${each}" name="directory" value="${each}"!${checked}><label for="directory-${each}">${t(`setting.directory.${each}`)}</label></div>`;
  });
  return html`<form method="post"><fieldset class="field"><legend>${t('setting.directory')}</legend><p class="hint">${t('setting.directory.why')}</p>!${options}</fieldset>
<div class="buttons"><button class="button plain" name="action" value="directory">${t('form.save')}</button></div></form>`;
}

function table({ t, prefix }: Reader, space: Space, contacts: readonly OutsideContact[]): string {
  const rows = contacts.map((each) => {
    const path = `${prefix}${spacePath(space, `/contacts/${each.id}`)}`;
    return html`<tr data-id="${each.id}"><td><a class="name" href="${path}"><bdi>${each.name}</bdi></a><span class="second">${each.organization ?? ''}</span></td><td>${each.sipUri?.replace(/^sip:/, '') ?? ''}<span class="second">${each.phone ?? ''}</span></td></tr>`;
  });
  return html`<table class="outside"><thead><tr><th scope="col">${t('accounts.name')}</th><th scope="col">${t('outside.reach')}</th></tr></thead><tbody>!${rows}</tbody></table>`;
}
