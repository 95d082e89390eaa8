import { html } from 'ghtml';
import { isMessageKey } from '../../locale/translate.ts';
import { logoOf } from '../../spaces/logo.ts';
import type { SettingEntry } from '../../spaces/setting-values.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import { logoPath } from './logo-path.ts';
import { shape } from './shape.ts';

export interface ShownSetting {
  readonly space: Space;
  /** The value that was sent, if the form was refused; ticked boxes in lines. */
  readonly typed?: string | undefined;
  /** Whether the box that removes the value was ticked. */
  readonly isRemoved?: boolean | undefined;
  /** Whether a secret or a file was sent, which the field cannot show again. */
  readonly isLost?: boolean | undefined;
  readonly mistakes: readonly string[];
  /** HTML, already escaped, that is shown below the control. */
  readonly note?: string;
}

/** Returns a name for a setting such as `token_lifetime` in the reader's language, or else as English words. */
export function settingLabel({ t }: Reader, { name }: SettingEntry): string {
  const key = `setting.${name}`;
  return isMessageKey(key) ? t(key) : `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll('_', ' ');
}

/** Returns the sentence that says why to change a setting, or else its line in the manual. */
export function settingWhy({ t }: Reader, { name, setting }: SettingEntry): string {
  const key = `setting.${name}.why`;
  if (isMessageKey(key)) return t(key);
  return 'description' in setting.schema ? String(setting.schema.description) : '';
}

/** Returns the field of a setting, with a control that fits its schema. */
export function settingField(reader: Reader, entry: SettingEntry, shown: ShownSetting): string {
  const { name } = entry;
  const { mistakes } = shown;
  const why = settingWhy(reader, entry);
  const isWrong = mistakes.length > 0;
  const notes = [`${name}-hint`, ...(isWrong ? [`${name}-mistake`] : [])].join(' ');
  const attributes = html`id="${name}" aria-describedby="${notes}"!${isWrong ? ' aria-invalid="true"' : ''}`;
  const label = settingLabel(reader, entry);
  const choices = checkboxes(entry, shown);
  const hint = html`<p class="hint" id="${name}-hint">${why}</p>
!${isWrong ? html`<p class="mistake" id="${name}-mistake">!${shape('failed')}<span>${mistakes.join(' ')}</span></p>` : ''}`;
  if (choices !== undefined)
    return html`<fieldset class="field" !${attributes}><legend>${label}</legend>!${hint}!${choices}</fieldset>`;
  return html`<div class="field"><label for="${name}">${label}</label>
!${hint}!${control(reader, entry, shown, attributes)}!${shown.note ?? ''}</div>`;
}

function control(reader: Reader, entry: SettingEntry, shown: ShownSetting, attributes: string): string {
  const { t } = reader;
  const { name, setting } = entry;
  const schema: Readonly<Record<string, unknown>> = { ...setting.schema };
  const value = shown.typed ?? valueText(entry, shown.space);
  if (setting.fromFile === 'base64') return pictureControl(reader, entry, shown, attributes);
  if (setting.secret) return secretControl(reader, entry, shown, attributes);
  if (schema.type === 'boolean') {
    return select(name, attributes, value, [
      ['true', t('form.yes')],
      ['false', t('form.no')],
    ]);
  }
  if (Array.isArray(schema.enum))
    return select(
      name,
      attributes,
      value,
      schema.enum.map((each) => [String(each), choiceText(reader, name, String(each))]),
    );
  if (setting.fromFile === 'text' || schema.type === 'array') {
    // A line break is added, because browsers drop the first one.
    return html`<textarea name="${name}" !${attributes} rows="4" spellcheck="false">${`\n${value}`}</textarea>`;
  }
  const kind = [schema.type].flat().includes('integer') ? ' inputmode="numeric"' : '';
  return html`<input name="${name}" !${attributes} value="${value}" autocomplete="off" spellcheck="false" autocapitalize="none"!${kind}>`;
}

function choiceText({ t }: Reader, name: string, value: string): string {
  const key = `setting.${name}.${value}`;
  return isMessageKey(key) ? t(key) : value;
}

function select(
  name: string,
  attributes: string,
  value: string,
  options: readonly (readonly [string, string])[],
): string {
  const lines = options.map(
    ([each, text]) => html`<option value="${each}"!${each === value ? ' selected' : ''}>${text}</option>`,
  );
  return html`<select name="${name}" !${attributes}>!${lines}</select>`;
}

/** Returns checkboxes for a list of a few known words, or undefined for other settings. */
function checkboxes(entry: SettingEntry, { space, typed }: ShownSetting): string | undefined {
  const { name, setting } = entry;
  const schema: Readonly<Record<string, unknown>> = { ...setting.schema };
  const items = schema.items as Readonly<Record<string, unknown>> | undefined;
  if (items === undefined || !Array.isArray(items.enum)) return undefined;
  const ticked = (typed ?? valueText(entry, space)).split('\n');
  const boxes = items.enum.map((each) => {
    const id = `${name}-${each}`;
    return html`<div class="check"><input type="checkbox" id="${id}" name="${name}" value="${each}"!${ticked.includes(each) ? ' checked' : ''}><label for="${id}">${each}</label></div>`;
  });
  // An empty value tells that the form contained the boxes, even if none is ticked.
  return html`<input type="hidden" name="${name}" value="">!${boxes}`;
}

function secretControl(
  reader: Reader,
  { name, property }: SettingEntry,
  shown: ShownSetting,
  attributes: string,
): string {
  const { t } = reader;
  const hasOne = shown.space[property] !== null;
  const state = html`<p class="hint">${t(hasOne ? 'settings.secretSet' : 'settings.secretUnset')}${shown.isLost === true ? ` ${t('settings.secretAgain')}` : ''}</p>`;
  return html`!${state}<input type="password" name="${name}" !${attributes} autocomplete="new-password">!${hasOne ? removal(reader, name, shown) : ''}`;
}

function pictureControl(reader: Reader, { name }: SettingEntry, shown: ShownSetting, attributes: string): string {
  const { t, prefix } = reader;
  const logo = logoOf(shown.space);
  const picture =
    logo === undefined
      ? ''
      : html`<p><img class="logo" src="${logoPath(prefix, logo)}" alt="${t('settings.logoNow')}"></p>`;
  const again = shown.isLost === true ? html`<p class="hint">${t('settings.fileAgain')}</p>` : '';
  return html`!${picture}!${again}<input type="file" name="${name}" !${attributes} accept="image/png,image/jpeg">!${logo === undefined ? '' : removal(reader, name, shown)}`;
}

function removal({ t }: Reader, name: string, { isRemoved }: ShownSetting): string {
  const id = `remove-${name}`;
  return html`<div class="check"><input type="checkbox" id="${id}" name="remove" value="${name}"!${isRemoved === true ? ' checked' : ''}><label for="${id}">${t('settings.remove')}</label></div>`;
}

/** Returns the value in the form in which it is typed. */
export function valueText({ property, setting }: SettingEntry, space: Space): string {
  const value: unknown = setting.show(space[property], space.domain);
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}
