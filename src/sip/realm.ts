import { aboutValue, type Complaint } from '../errors/complaints.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';

const quoted = /^(["“”„])(.*)["“”]$/s;

/**
 * Returns a realm without the spaces and quotation marks around it. Manuals and challenges show it as
 * `"3CXPhoneSystem"`, but the marks are not part of what is hashed.
 */
export function plainRealm(text: string): string {
  const realm = trimBlanks(text);
  return trimBlanks(quoted.exec(realm)?.[2] ?? realm);
}

/**
 * Returns a complaint about a realm that `plainRealm` returned, or undefined. Only our own realms must not contain
 * colons.
 */
export function checkRealm(realm: string, { own }: { readonly own: boolean }): Complaint | undefined {
  if (realm === '') return { code: 'only-blanks' };
  if (own && realm.includes(':')) return aboutValue(realm, { code: 'not-a-realm' });
  return /["\\]/.test(realm) ? aboutValue(realm, { code: 'quote-in-realm' }) : undefined;
}
