import { html } from 'ghtml';
import { type Import, phoneCountryOf } from '../../importing/import.ts';
import type { ImportContext } from '../../importing/import-context.ts';
import { countNumbersWithoutCountry } from '../../importing/look-at-import.ts';
import { examplePhoneNumber, phoneCountries } from '../../lib/phone-number.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import { editableColumns } from './import-rows.ts';
import { shape } from './shape.ts';
import { spacePath } from './space-pages.ts';

/**
 * The part of the page about numbers without a country code. It is at the top if rows were refused because of it,
 * otherwise among the options.
 */
export interface CountryPart {
  readonly news: string;
  readonly option: string;
}

export const noCountryPart: CountryPart = { news: '', option: '' };

/** Returns the field for the country in which numbers are dialled, or nothing if the import has no numbers. */
export async function countryPart(
  context: Pick<ImportContext, 'database'>,
  reader: Reader,
  space: Space,
  found: Import,
): Promise<CountryPart> {
  if (!editableColumns(found).some(({ column }) => column === 'phone')) return noCountryPart;
  const missing = await countNumbersWithoutCountry(context, found, space);
  const country = phoneCountryOf(found, space) ?? undefined;
  const field = await countryField(reader, country);
  if (missing === 0) return { news: '', option: field };
  const { t, prefix } = reader;
  const line = t('import.countryMissingLine', { setting: t('setting.phone_country') });
  const news = html`<section class="missing"><h2>!${shape('unusual')}${t('import.countryMissing', { count: missing })}</h2>
<p class="soft">${line} <a href="${prefix}${spacePath(space, '/settings')}">${t('space.settings')}</a></p>
<div class="beside">!${field}<button class="button plain" name="action" value="check">${t('import.countryUse')}</button></div></section>`;
  return { news, option: '' };
}

async function countryField(reader: Reader, country: string | undefined): Promise<string> {
  const { t, language } = reader;
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const options = phoneCountries()
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .toSorted((one, other) => one.name.localeCompare(other.name, language))
    .map(({ code, name }) => html`<option value="${code}"!${code === country ? ' selected' : ''}>${name}`);
  const example = await examplePhoneNumber(country);
  const hint =
    example === undefined ? '' : html`<p class="hint" id="country-hint">${t('import.countryRead', example)}</p>`;
  return html`<div class="field"><label for="country">${t('import.country')}</label>!${hint}<select id="country" name="country"!${hint === '' ? '' : ' aria-describedby="country-hint"'}><option value="">${t('import.countryNone')}!${options}</select></div>`;
}
