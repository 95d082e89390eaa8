import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import type { AccountInSpace } from '../../accounts/account.ts';
import type { ListSide } from '../../contacts/contact-list.ts';
import type { Reader } from '../reader.ts';
import { field } from './field.ts';
import { namedPerson } from './named-person.ts';
import { nextLink } from './paging.ts';

export interface ShownSide {
  readonly side: ListSide;
  readonly people: readonly AccountInSpace[];
  /** The path of the next page, if there are more people. */
  readonly next: string | undefined;
  /** The names that were typed and refused; `mistakes` says why. */
  readonly typed: string;
  readonly mistakes: readonly string[];
  readonly domain: string;
}

/** Returns the members or readers of a list, with a form that adds people and a button for each to remove them. */
export function listSide(
  reader: Reader,
  caller: Caller,
  { side, people, next, typed, mistakes, domain }: ShownSide,
): string {
  const { t } = reader;
  const rows = people.map((each) => row(reader, caller, side, each));
  const shown = rows.length === 0 ? html`<p>${t(`lists.${side}.empty`)}</p>` : html`<ul class="rows">!${rows}</ul>`;
  return html`<section id="${side}s"><h2>${t(`lists.${side}s`)}</h2><p class="soft">${t(`lists.${side}.line`)}</p>
!${shown}
!${nextLink(reader, next)}
<form method="post"><input type="hidden" name="side" value="${side}">
!${field({
    name: side,
    label: t(`lists.${side}.add`),
    hint: html`${t('lists.whoHint', { domain })}`,
    attributes: html`value="${typed}" required maxlength="4000" autocapitalize="none" spellcheck="false" autocomplete="off"`,
    mistakes,
  })}
<div class="buttons"><button class="button plain" name="action" value="put">${t(`lists.${side}.button`)}</button></div></form></section>`;
}

function row(reader: Reader, caller: Caller, side: ListSide, person: AccountInSpace): string {
  const { t } = reader;
  const { id, displayName, username } = person.account;
  const name = displayName ?? username;
  return html`<li>!${namedPerson(reader, caller, person)}
<form method="post"><input type="hidden" name="side" value="${side}"><input type="hidden" name="account" value="${id}"><button class="word soft" name="action" value="take" aria-label="${t(`lists.${side}.takeNamed`, { name })}">${t(`lists.${side}.take`)}</button></form></li>`;
}
