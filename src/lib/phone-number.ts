import { createRequire } from 'node:module';
import type * as PhoneNumbers from 'libphonenumber-js/min';
import type { Complaint } from '../errors/complaints.ts';

const require = createRequire(import.meta.url);

/** The number in E.164, or a complaint that says what is expected. */
export type PhoneNumber = { readonly number: string } | { readonly complaint: Complaint };

const e164 = /^\+[1-9][0-9]{1,14}$/;
/**
 * Includes invisible characters, because numbers that are copied from address books may have direction marks around
 * them.
 */
const separators = /[\s./\p{Dash}\p{Cf}]/gu;
const trunkZero = /^(\(?\+[0-9]{1,3}\)?)\(0\)/;
const brackets = /[()[\]]/g;

/** Returns whether this is the two-letter code of a country with phone numbers. */
export function isCountry(code: string): code is PhoneNumbers.CountryCode {
  // Loaded here, because most starts do not need it.
  return (require('libphonenumber-js/min') as typeof PhoneNumbers).isSupportedCountry(code);
}

/** Returns the codes of all countries with phone numbers. */
export function phoneCountries(): readonly string[] {
  return (require('libphonenumber-js/min') as typeof PhoneNumbers).getCountries();
}

/** Returns an example number of a country, as it is dialled there and in E.164. */
export async function examplePhoneNumber(
  country: string | undefined,
): Promise<{ readonly dialled: string; readonly number: string } | undefined> {
  if (country === undefined || !isCountry(country)) return undefined;
  const [{ getExampleNumber }, { default: examples }] = await Promise.all([
    import('libphonenumber-js/min'),
    import('libphonenumber-js/mobile/examples'),
  ]);
  const example = getExampleNumber(country, examples);
  return example === undefined ? undefined : { dialled: example.formatNational(), number: example.number };
}

/**
 * Reads a phone number as people write it. A number without a country code is read as dialled in `country`; without
 * `country`, it is refused. A number in E.164 is accepted as it is. In any other form, its length must be possible in
 * its country.
 */
export async function readPhoneNumber(text: string, country?: string): Promise<PhoneNumber> {
  if (e164.test(text)) return { number: text };
  const dialled = text.replace(separators, '').replace(trunkZero, '$1').replace(brackets, '');
  if (!/^\+?[0-9]{2,20}$/.test(dialled)) return { complaint: await complaintFor(country) };
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/min');
  const defaultCountry = country !== undefined && isCountry(country) ? { defaultCountry: country } : {};
  const parsed = parsePhoneNumberFromString(dialled, defaultCountry);
  return parsed?.isPossible() ? { number: parsed.number } : { complaint: await complaintFor(country) };
}

async function complaintFor(country: string | undefined): Promise<Complaint> {
  const example = await examplePhoneNumber(country);
  return example === undefined
    ? { code: 'not-a-phone-number', example: '+33601020304' }
    : { code: 'not-a-phone-number', dialled: example.dialled, example: example.number };
}
