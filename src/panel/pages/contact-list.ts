import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedAccountAt, managedSpaceAt } from '../../access/managed-account.ts';
import type { App } from '../../app.ts';
import { changeContactList, putOnList, takeOffList } from '../../contacts/change-contact-lists.ts';
import {
  type ContactList,
  contactListChangesShape,
  contactListNotFound,
  type ListSide,
} from '../../contacts/contact-list.ts';
import {
  managedContactList,
  namesTyped,
  peopleNamed,
  peopleOnList,
  personToTakeOff,
} from '../../contacts/people-on-lists.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn, refusalText } from '../../locale/failure-text.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { contactListFields, contactListForm, contactListMistakes, listPath } from '../parts/contact-lists.ts';
import { withoutCarriageReturns } from '../parts/field.ts';
import { listSide } from '../parts/list-side.ts';
import { afterIn, pageOrFirst, rowsOnPage } from '../parts/paging.ts';
import { concernsFields, ending, isUnknown, refusalBanner, tryChange } from '../parts/refusal.ts';
import { editedFields, shownShape, shownValues } from '../parts/shown-values.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import type { SpaceView } from '../view.ts';

const names = Type.Optional(Type.String({ maxLength: 4000 }));
const form = Type.Object({
  action: Type.Optional(Type.Enum(['save', 'put', 'take'])),
  side: Type.Optional(Type.Enum(['member', 'reader'])),
  account: Type.Optional(Type.String({ maxLength: 20 })),
  member: names,
  reader: names,
  ...contactListForm.properties,
  ...shownShape(['title', 'description']),
});
type Sent = Static<typeof form>;

export const showContactList = endpoint({
  params: ['domain', 'listId'],
  summary: 'Show a contact list: who is in it, and who gets it',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const { space, list } = await listAt(app, caller, params);
    const about = { app, caller, space, list, reader: readerOf(app, request, reply, space) };
    return sendPage(reply, await listPage(about, { query: queryOf(request) }));
  },
});

export const submitContactList = endpoint({
  params: ['domain', 'listId'],
  summary: 'Change a contact list (`action=save`), put people on a `side` of it (`put`), or take one off (`take`)',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const { space, list } = await listAt(app, caller, params);
    const about = { app, caller, space, list, reader: readerOf(app, request, reply, space) };
    const sent = requireShape(form, body);
    const { done, refusal: error } = await tryChange(
      () => change(about, sent),
      (each) => concernsFields(each) || isUnknown(each),
    );
    if (error === undefined) return seeOther(app, reply, `${listPath(about.space, about.list)}?done=${done}`);
    return sendPage(reply, await listPage(about, { query: new URLSearchParams(), sent, error }));
  },
});

interface About extends SpaceView {
  readonly list: ContactList;
}

/** Returns the contact list in a path, if it belongs to the space in the path. */
export async function listAt(app: App, caller: Caller, { domain, listId }: { domain: string; listId: string }) {
  const space = managedSpaceAt(app, caller, domain);
  const list = await managedContactList(app, caller, listId);
  if (list.spaceId !== space.id) throw contactListNotFound(listId);
  return { space, list };
}

async function change({ app, caller, list }: About, sent: Sent): Promise<string> {
  const { action = 'save', side = 'member', account = '' } = sent;
  if (action === 'put') {
    const typed = await namesTyped(app, caller, list, sent[side] ?? '');
    const accounts = await peopleNamed(app, list, typed, (address) => managedAccountAt(app, caller, address));
    await putOnList(app, actorOf(caller), list, { accounts, side });
    return `${side}-put`;
  }
  if (action === 'take') {
    const found = await personToTakeOff(app, caller, list, { id: account, side });
    await ending(() => takeOffList(app, actorOf(caller), list, { accounts: [found], side }));
    return `${side}-taken`;
  }
  await changeContactList(app, actorOf(caller), list, requireShape(contactListChangesShape, changesOf(sent)));
  return 'save';
}

/** A missing title is an empty one, which is refused. */
function changesOf(sent: Sent) {
  const { title, description } = editedFields({ title: '', ...sent });
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: withoutCarriageReturns(description) }),
  };
}

const sentences = {
  save: 'form.saved',
  made: 'lists.made',
  'member-put': 'lists.member.put',
  'member-taken': 'lists.member.taken',
  'reader-put': 'lists.reader.put',
  'reader-taken': 'lists.reader.taken',
} as const;

interface Shown {
  readonly query: URLSearchParams;
  readonly sent?: Sent;
  readonly error?: AppError;
}

async function listPage(about: About, shown: Shown): Promise<Page> {
  const { reader, caller, space, list } = about;
  const { query, sent, error } = shown;
  const { t, prefix } = reader;
  const stored = { title: list.title, description: list.description };
  const mistakes = mistakesIn(t, error);
  const sides = [await side(about, 'member', shown), await side(about, 'reader', shown)];
  const main = html`!${doneBanner(doneSentence(reader, query.get('done'), sentences))}
!${sent?.action === 'put' ? '' : refusalBanner(reader, error)}
!${contactListMistakes(reader, mistakes)}
!${sides}
<section><h2>${t('lists.about')}</h2><form method="post">!${shownValues(stored, sent)}
!${contactListFields(reader, { ...stored, ...sent }, mistakes)}
<div class="buttons"><button class="button plain" name="action" value="save">${t('form.save')}</button></div></form></section>
<section><h2>${t('lists.delete')}</h2><p class="soft">${t('lists.deleteLine')}</p><p><a class="button plain" href="${prefix}${listPath(space, list, '/delete')}">${t('lists.delete')}</a></p></section>`;
  const back = { path: spacePath(space, '/contacts'), name: t('space.contacts') };
  const page = {
    ...spaceHead(reader, space, '/contacts'),
    title: list.title,
    line: html`${list.description}`,
    back,
    main,
  };
  return { html: shell(reader, caller, page), ...(error === undefined ? {} : { status: 422 }) };
}

async function side(
  { app, caller, reader, space, list }: About,
  side: ListSide,
  { query, sent, error }: Shown,
): Promise<string> {
  const { rows: people, more } = await pageOrFirst(afterIn(query, side), (after) =>
    peopleOnList(app, list, side, { after, limit: rowsOnPage }),
  );
  const isPut = sent?.action === 'put' && (sent.side ?? 'member') === side;
  const isRefused = error !== undefined && error.fields === undefined && isPut;
  return listSide(reader, caller, {
    side,
    people,
    next: more ? `${reader.prefix}${listPath(space, list)}?${side}=${people.at(-1)?.account.id}#${side}s` : undefined,
    typed: sent?.[side] ?? '',
    mistakes: isRefused ? [refusalText(reader.t, error)] : [],
    domain: space.domain,
  });
}
