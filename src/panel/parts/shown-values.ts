import { html } from 'ghtml';
import { type TOptional, type TString, Type } from 'typebox';

/** The longest value that a form can have shown. */
const maxLength = 20_000;

/** Returns the shape of the hidden fields of `shownValues`. */
export function shownShape<Name extends string>(names: readonly Name[]) {
  const field = Type.Optional(Type.String({ maxLength }));
  return Object.fromEntries(names.map((name) => [`was_${name}`, field])) as Record<`was_${Name}`, TOptional<TString>>;
}

/**
 * Returns hidden fields with the values that a form shows when it is opened. A form that was refused passes on what was
 * sent, so that they stay those of the first page.
 */
export function shownValues(
  stored: Readonly<Record<string, string>>,
  sent: Readonly<Record<string, string | undefined>> = {},
): string {
  return Object.entries(stored)
    .map(([name, value]) => [`was_${name}`, value] as const)
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${sent[name] ?? value}">`)
    .join('\n');
}

/** Returns the fields of a form without the hidden ones of `shownValues`. */
export function visibleFields<Sent extends Readonly<Record<string, string | undefined>>>(sent: Sent): Partial<Sent> {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !name.startsWith('was_'))) as Partial<Sent>;
}

/**
 * Returns the fields of a form whose values are not those that it showed. Storing only these does not undo what
 * somebody else has changed since. All fields of a form without `shownValues` are returned.
 */
export function editedFields<Sent extends Readonly<Record<string, string | undefined>>>(sent: Sent): Partial<Sent> {
  const edited = Object.entries(visibleFields(sent)).filter(([name, value]) => value !== sent[`was_${name}`]);
  return Object.fromEntries(edited) as Partial<Sent>;
}
