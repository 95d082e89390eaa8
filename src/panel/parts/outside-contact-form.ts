import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import { field, mistakeList } from './field.ts';
import { editedFields } from './shown-values.ts';

const text = Type.Optional(Type.String({ maxLength: 1000 }));

export const outsideContactForm = Type.Object({ name: text, sip_uri: text, phone: text, organization: text });
type Form = Static<typeof outsideContactForm>;

const literal = 'autocapitalize="none" spellcheck="false" autocomplete="off"';

const fields = [
  { name: 'name', label: 'outside.name', attributes: 'autocomplete="off" required' },
  { name: 'phone', label: 'account.phone', hint: 'account.phoneHint', attributes: `${literal} inputmode="tel"` },
  { name: 'sip_uri', label: 'outside.address', hint: 'outside.addressHint', attributes: literal },
  { name: 'organization', label: 'outside.organization', attributes: 'autocomplete="off"' },
] as const satisfies readonly { name: keyof Form; label: MessageKey; hint?: MessageKey; attributes: string }[];

/** Returns the values in the shape of the API. */
export function contactValues({ name = '', sip_uri, phone, organization }: Form) {
  return { name, sip_uri: sip_uri || null, phone: phone || null, organization: organization || null };
}

/** Returns the values that were edited, in the shape of the API. A missing name is an empty one, which is refused. */
export function editedContactValues(sent: Form) {
  const values = Object.entries(contactValues(sent));
  const edited = editedFields({ name: '', ...sent });
  return Object.fromEntries(values.filter(([name]) => name in edited));
}

export function contactFields({ t }: Reader, values: Form, mistakes: Mistakes | undefined): string {
  const rows = fields.map((each) => {
    const { name, label, attributes } = each;
    return field({
      name,
      label: t(label),
      attributes: `${attributes}${html` value="${values[name] ?? ''}"`}`,
      mistakes: mistakes?.[name] ?? [],
      ...('hint' in each ? { hint: html`${t(each.hint)}` } : {}),
    });
  });
  return rows.join('\n');
}

/** Returns the list of mistakes for the top of the page. */
export function contactMistakes(reader: Reader, mistakes: Mistakes | undefined): string {
  const list = fields.flatMap(({ name, label }) =>
    (mistakes?.[name] ?? []).map((sentence) => ({ label: reader.t(label), sentence, field: name })),
  );
  return list.length === 0 ? '' : mistakeList(reader, list);
}
