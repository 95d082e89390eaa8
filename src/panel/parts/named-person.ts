import { html } from 'ghtml';
import { type Caller, manages } from '../../access/caller.ts';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import type { Reader } from '../reader.ts';

/**
 * Returns the name and address of a person in a list. The name leads to the account's page if the caller may open it:
 * contacts and people on contact lists may belong to another space.
 */
export function namedPerson({ t, prefix }: Reader, caller: Caller, person: AccountInSpace): string {
  const { id, displayName, username, blockedAt, spaceId } = person.account;
  const shown = html`<bdi>${displayName ?? username}</bdi>`;
  const name = manages(caller, spaceId)
    ? html`<a class="name" href="${prefix}/admin/accounts/${id}">!${shown}</a>`
    : html`<b class="name">!${shown}</b>`;
  const state = blockedAt === null ? '' : html` · ${t('contact.blocked')}`;
  return html`<div>!${name}<span class="second">${addressOf(person)}!${state}</span></div>`;
}
