import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { createSpace } from '../../administration/create-space.ts';
import type { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import { newSpaceShape } from '../../spaces/space-fields.ts';
import { field, mistakeList } from '../parts/field.ts';
import { concernsFields, statusOf, tryChange } from '../parts/refusal.ts';
import { spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const text = Type.Optional(Type.String({ maxLength: 400 }));
const form = Type.Object({ domain: text, name: text, registrar: text });
type Form = Static<typeof form>;

export const showNewSpace = endpoint({
  summary: 'Show the form that creates a space',
  produces: ['text/html'],
  handle: ({ app, caller, request, reply }) => sendPage(reply, formPage(readerOf(app, request, reply), caller, {})),
});

export const submitNewSpace = endpoint({
  summary: 'Create a space',
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const sent = requireShape(form, body);
    const { domain = '', name, registrar } = sent;
    const fields = { domain, ...(name ? { name } : {}), ...(registrar ? { registrar } : {}) };
    const { done: space, refusal } = await tryChange(
      () => createSpace(app, actorOf(caller), requireShape(newSpaceShape, fields)),
      concernsFields,
    );
    if (refusal === undefined) return seeOther(app, reply, `${spacePath(space)}?done=made`);
    return sendPage(reply, formPage(readerOf(app, request, reply), caller, sent, refusal));
  },
});

const literal = 'autocapitalize="none" spellcheck="false" autocomplete="off"';
const fields = [
  { name: 'domain', label: 'spaces.domain', hint: 'spaces.domainHint', attributes: `${literal} required` },
  { name: 'name', label: 'spaces.nameOptional', hint: 'spaces.nameHint', attributes: 'autocomplete="off"' },
  { name: 'registrar', label: 'spaces.registrar', hint: 'spaces.registrarHint', attributes: literal },
] as const satisfies readonly { name: keyof Form; label: MessageKey; hint: MessageKey; attributes: string }[];

function formPage(reader: Reader, caller: Caller, values: Form, error?: AppError): Page {
  const { t, prefix } = reader;
  const mistakes = mistakesIn(t, error) ?? {};
  const rows = fields.map(({ name, label, hint, attributes }) =>
    field({
      name,
      label: t(label),
      hint: html`${t(hint)}`,
      attributes: `${attributes}${html` value="${values[name] ?? ''}"`}`,
      mistakes: mistakes[name] ?? [],
    }),
  );
  const list = fields.flatMap(({ name, label }) =>
    (mistakes[name] ?? []).map((sentence) => ({ label: t(label), sentence, field: name })),
  );
  const main = html`!${list.length === 0 ? '' : mistakeList(reader, list)}
<form method="post">
!${rows}
<div class="buttons"><button class="button">${t('spaces.add')}</button><a class="word soft" href="${prefix}/admin/spaces">${t('form.cancel')}</a></div>
</form>`;
  const page = {
    title: t('spaces.add'),
    place: '/admin/spaces',
    back: { path: '/admin/spaces', name: t('spaces.title') },
    main,
  };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}
