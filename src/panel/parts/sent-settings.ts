import { type Upload, uploadShape } from '../../http/parse-uploads.ts';
import { checkShape } from '../../lib/check-shape.ts';
import { fieldOfText } from '../../lib/field-of-text.ts';
import type { SettingEntry } from '../../spaces/setting-values.ts';
import { spaceChangesShape } from '../../spaces/space-fields.ts';
import { withoutCarriageReturns } from './field.ts';
import type { SettingGroup } from './setting-groups.ts';

export interface SentSettings {
  /** The changes in the shape of the API, not checked yet. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** The typed values, to show them again in the form; ticked boxes in lines. Secrets are left out. */
  readonly typed: ReadonlyMap<string, string>;
  /** The hidden fields with the values that the form showed. */
  readonly shown: Readonly<Record<string, string>>;
  /** The names of the settings whose box *Remove it* is ticked. */
  readonly removed: readonly string[];
  /** The names of the secrets and files that were sent. A form cannot show them again. */
  readonly lost: readonly string[];
}

/** Reads the settings of these groups from a form. Missing fields, and those left as shown, change nothing. */
export function sentSettings(body: unknown, groups: readonly SettingGroup[]): SentSettings {
  const fields = new Map<string, unknown>(Object.entries(body ?? {}));
  const removed = textsOf(fields.get('remove'));
  const entries = groups.flatMap((group) => group.entries);
  const sent = entries.flatMap((entry) => {
    const { name } = entry;
    if (removed.includes(name)) return [[name, null] as const];
    const isEdited = fields.has(name) && !isAsShown(fields.get(name), fields.get(`was_${name}`));
    const value = isEdited ? sentValue(entry, fields.get(name)) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  const [sure] = textsOf(fields.get('confirm'));
  const confirm = sure === undefined ? {} : { confirm: fieldOfText(sure, spaceChangesShape.properties.confirm) };
  const typed = entries.flatMap(({ name, setting }) => {
    const texts = textsOf(fields.get(name));
    return texts.length > 0 && !setting.secret ? [[name, texts.join('\n')] as const] : [];
  });
  const lost = entries.flatMap(({ name, setting }) => {
    const field = fields.get(name);
    return isUpload(field) || (setting.secret && textsOf(field).join('') !== '') ? [name] : [];
  });
  const shown = Object.fromEntries(
    entries.flatMap(({ name }) => textsOf(fields.get(`was_${name}`)).map((text) => [`was_${name}`, text])),
  );
  return { changes: { ...Object.fromEntries(sent), ...confirm }, typed: new Map(typed), shown, removed, lost };
}

/** Returns whether a field still has the value that the form showed. Ticked boxes are lines of that value. */
function isAsShown(field: unknown, shown: unknown): boolean {
  const [before] = textsOf(shown);
  const now = textsOf(field).filter((text) => text !== '');
  return (
    before !== undefined &&
    !isUpload(field) &&
    withoutCarriageReturns(now.join('\n')) === withoutCarriageReturns(before)
  );
}

function sentValue({ setting }: SettingEntry, field: unknown): unknown {
  const { schema, secret, fromFile } = setting;
  if (fromFile === 'base64') return isUpload(field) ? field.bytes.toString('base64') : undefined;
  const texts = textsOf(field);
  // An empty field of a secret changes nothing.
  if (secret && texts.join('') === '') return undefined;
  if ('type' in schema && schema.type === 'array') {
    return texts
      .flatMap((text) => text.split(/[\n,]/))
      .map((each) => each.trim())
      .filter((each) => each !== '');
  }
  return fieldOfText(withoutCarriageReturns(texts[0]), schema);
}

function isUpload(field: unknown): field is Upload {
  return field !== '' && checkShape(uploadShape, field) === undefined;
}

function textsOf(field: unknown): string[] {
  return [field].flat().filter((each) => typeof each === 'string');
}
