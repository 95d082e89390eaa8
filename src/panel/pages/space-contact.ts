import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import {
  changeOutsideContact,
  getOutsideContact,
  removeOutsideContact,
} from '../../contacts/change-outside-contacts.ts';
import { type OutsideContact, outsideContactChangesShape } from '../../contacts/outside-contact.ts';
import type { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import {
  contactFields,
  contactMistakes,
  editedContactValues,
  outsideContactForm,
} from '../parts/outside-contact-form.ts';
import { concernsFields, ending, statusOf, tryChange } from '../parts/refusal.ts';
import { shownShape, shownValues } from '../parts/shown-values.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['save', 'delete'])),
  ...outsideContactForm.properties,
  ...shownShape(['name', 'sip_uri', 'phone', 'organization']),
});

export const showOutsideContact = endpoint({
  params: ['domain', 'contactId'],
  summary: 'Show a contact from outside',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const contact = await getOutsideContact(app, space, params.contactId);
    return sendPage(reply, pageOf(readerOf(app, request, reply, space), caller, { space, contact }));
  },
});

export const submitOutsideContact = endpoint({
  params: ['domain', 'contactId'],
  summary: 'Change a contact from outside, or remove it (`action=delete`)',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const found = () => getOutsideContact(app, space, params.contactId);
    const { action = 'save', ...values } = requireShape(form, body);
    const path = spacePath(space, '/contacts');
    if (action === 'delete') {
      await ending(async () => removeOutsideContact(app, actorOf(caller), await found()));
      return seeOther(app, reply, `${path}?done=delete`);
    }
    const before = await found();
    const { refusal: error } = await tryChange(() => {
      const given = requireShape(outsideContactChangesShape, editedContactValues(values));
      return changeOutsideContact(app, actorOf(caller), space, { before, given });
    }, concernsFields);
    if (error === undefined) return seeOther(app, reply, `${path}?done=save`);
    const shown = { space, contact: before, values, error };
    return sendPage(reply, pageOf(readerOf(app, request, reply, space), caller, shown));
  },
});

interface Shown {
  readonly space: Space;
  readonly contact: OutsideContact;
  /** What was sent, if it was refused. */
  readonly values?: Static<typeof form>;
  readonly error?: AppError;
}

function pageOf(reader: Reader, caller: Caller, { space, contact, values, error }: Shown): Page {
  const { t, prefix } = reader;
  const path = spacePath(space, '/contacts');
  const stored = {
    name: contact.name,
    sip_uri: contact.sipUri ?? '',
    phone: contact.phone ?? '',
    organization: contact.organization ?? '',
  };
  const mistakes = mistakesIn(t, error);
  const main = html`!${contactMistakes(reader, mistakes)}
<form method="post">!${shownValues(stored, values)}
!${contactFields(reader, values ?? stored, mistakes)}
<div class="buttons"><button class="button" name="action" value="save">${t('form.save')}</button><a class="word soft" href="${prefix}${path}">${t('form.cancel')}</a></div>
</form>
<section><h2>${t('outside.remove')}</h2><p class="soft">${t('outside.removeLine')}</p>
<form method="post"><button class="button plain" name="action" value="delete">${t('outside.removeButton')}</button></form></section>`;
  const back = { path, name: t('space.contacts') };
  const page = { ...spaceHead(reader, space, '/contacts'), title: contact.name, back, main };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}
