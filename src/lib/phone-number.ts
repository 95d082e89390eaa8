import type { CountryCode } from 'libphonenumber-js/min';
import type { Complaint } from '../errors/complaints.ts';

/** The number in E.164, or a complaint that says what is expected. */
export type PhoneNumber = { readonly number: string } | { readonly complaint: Complaint };

const e164 = /^\+[1-9][0-9]{1,14}$/;
/** Includes invisible characters: address books copy numbers with marks of writing direction around them. */
const separators = /[\s./\p{Dash}\p{Cf}]/gu;
const trunkZero = /^(\(?\+[0-9]{1,3}\)?)\(0\)/;
const brackets = /[()[\]]/g;

/**
 * Reads a phone number as people write it. A number without a country code is read as dialled in `country`, or rejected
 * without one. A number in E.164 is accepted as it is. In any other form, its length must exist in its country.
 */
export async function readPhoneNumber(text: string, country?: CountryCode): Promise<PhoneNumber> {
  if (e164.test(text)) return { number: text };
  const dialled = text.replace(separators, '').replace(trunkZero, '$1').replace(brackets, '');
  if (!/^\+?[0-9]{2,20}$/.test(dialled)) return { complaint: await complaintFor(country) };
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/min');
  const parsed = parsePhoneNumberFromString(dialled, country === undefined ? {} : { defaultCountry: country });
  return parsed?.isPossible() ? { number: parsed.number } : { complaint: await complaintFor(country) };
}

async function complaintFor(country: CountryCode | undefined): Promise<Complaint> {
  if (country !== undefined) {
    const [{ getExampleNumber }, { default: examples }] = await Promise.all([
      import('libphonenumber-js/min'),
      import('libphonenumber-js/mobile/examples'),
    ]);
    const example = getExampleNumber(country, examples);
    if (example !== undefined)
      return { code: 'not-a-phone-number', dialled: example.formatNational(), example: example.number };
  }
  return { code: 'not-a-phone-number', example: '+33601020304' };
}
