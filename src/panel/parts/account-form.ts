import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import type { Account } from '../../accounts/account.ts';
import { newAccountShape } from '../../accounts/account-fields.ts';
import { fieldOfText } from '../../lib/field-of-text.ts';
import { languages } from '../../lib/languages.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import { field, mistakeList } from './field.ts';
import { sentPassword } from './password-again.ts';

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

export const accountForm = Type.Object({
  username: text(400),
  display_name: text(400),
  email: text(400),
  phone: text(100),
  group: text(400),
  language: text(10),
  note: text(2000),
  admin: text(10),
  current_password: sentPassword,
  password: sentPassword,
});
export type AccountForm = Static<typeof accountForm>;

interface FieldFacts {
  readonly label: MessageKey;
  readonly hint?: MessageKey;
  /** HTML attributes, already escaped. */
  readonly attributes: string;
}

const literal = 'autocapitalize="none" spellcheck="false" autocomplete="off"';

const facts = {
  display_name: { label: 'account.name', attributes: 'autocomplete="off"' },
  username: { label: 'account.username', hint: 'account.usernameHint', attributes: `${literal} required` },
  email: { label: 'account.email', attributes: `${literal} inputmode="email"` },
  phone: { label: 'account.phone', hint: 'account.phoneHint', attributes: `${literal} inputmode="tel"` },
  group: { label: 'account.group', hint: 'account.groupHint', attributes: 'autocomplete="off"' },
  language: { label: 'account.language', attributes: 'autocomplete="off"' },
  note: { label: 'account.note', hint: 'account.noteHint', attributes: 'autocomplete="off"' },
  admin: { label: 'account.rights', hint: 'account.rightsHint', attributes: 'autocomplete="off"' },
  password: {
    label: 'account.password',
    hint: 'account.passwordHint',
    attributes: 'type="password" autocomplete="new-password"',
  },
} as const satisfies Readonly<Record<string, FieldFacts>>;

export type AccountField = keyof typeof facts;

/** Returns the fields of an account, with their values and mistakes. */
export function accountFields(
  reader: Reader,
  names: readonly AccountField[],
  of: { readonly values: AccountForm; readonly mistakes?: Mistakes | undefined; readonly space: Space },
): string {
  const { t } = reader;
  const fields = names.map((name) => {
    const { label, hint, attributes }: FieldFacts = facts[name];
    const given = name === 'password' ? '' : (of.values[name] ?? '');
    const options = choices[name]?.(reader, given);
    return field({
      name,
      label: t(label),
      attributes: options !== undefined || given === '' ? attributes : html`!${attributes} value="${given}"`,
      ...(options === undefined ? {} : { options }),
      mistakes: of.mistakes?.[name] ?? [],
      ...(hint === undefined ? {} : { hint: html`${t(hint, { domain: of.space.domain })}` }),
    });
  });
  return fields.join('\n');
}

/** The options of fields that are lists, as HTML. */
const choices: Partial<Record<AccountField, (reader: Reader, chosen: string) => string>> = {
  language: ({ t }, chosen) => {
    const names = languages.map((each): [string, string] => [each, t(`language.${each}`)]);
    return options([['', t('account.usualLanguage')], ...names], chosen);
  },
  admin: ({ t }, chosen) =>
    options(
      [
        ['false', t('account.isUser')],
        ['true', t('account.isAdministrator')],
      ],
      chosen,
    ),
};

/**
 * Returns the options. A refused value that is not in the list is added, because the browser would otherwise select the
 * first one.
 */
function options(list: readonly (readonly [value: string, name: string])[], chosen: string): string {
  const isListed = chosen === '' || list.some(([value]) => value === chosen);
  return (isListed ? list : [...list, [chosen, chosen] as const])
    .map(([value, name]) => html`<option value="${value}"!${value === chosen ? ' selected' : ''}>${name}</option>`)
    .join('');
}

/**
 * Returns the optional fields of the form in the shape of the API, which refuses wrong values. Empty fields become
 * null.
 */
export function optionalValues({ display_name, email, phone, group, language, note, admin }: AccountForm) {
  return {
    display_name: display_name || null,
    email: email || null,
    phone: phone || null,
    group: group || null,
    language: language || null,
    note: note || null,
    ...(admin === undefined ? {} : { admin: fieldOfText(admin, newAccountShape.properties.admin) }),
  };
}

/** Returns the changes in the form. Missing fields change nothing. */
export function accountChangesOf(sent: AccountForm, { username }: Account) {
  const isSent = ([name]: [string, unknown]) => sent[name as keyof AccountForm] !== undefined;
  return {
    ...Object.fromEntries(Object.entries(optionalValues(sent)).filter(isSent)),
    ...(sent.username === undefined || sent.username === username ? {} : { username: sent.username }),
    ...(sent.password === undefined || sent.password === '' ? {} : { password: sent.password }),
  };
}

/** Returns the list of mistakes for the top of the form. */
export function accountMistakes(reader: Reader, mistakes: Mistakes | undefined): string {
  if (mistakes === undefined) return '';
  return mistakeList(
    reader,
    Object.entries(mistakes).flatMap(([name, messages]) => {
      const known: FieldFacts | undefined = Object.hasOwn(facts, name) ? facts[name as AccountField] : undefined;
      const label = known === undefined ? name : reader.t(known.label);
      const field = known === undefined ? undefined : name;
      return messages.map((sentence) => ({ label, sentence, field }));
    }),
  );
}
