import { type Caller, manages } from '../access/caller.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import { accountJson, ownAccountJson } from './account.ts';

/** Returns a contact without its e-mail address, phone number, language and rights. */
export function contactJson(contact: AccountInSpace) {
  return { ...ownAccountJson(contact), email: null, phone: null, language: null, admin: false, passwords: [] };
}

/** Returns all fields of a contact if the caller manages it, otherwise those that other users may see. */
export function contactJsonFor(caller: Caller, contact: AccountInSpace) {
  return manages(caller, contact.space.id) ? accountJson(contact) : contactJson(contact);
}
