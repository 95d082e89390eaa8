import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import type { ShellPage } from '../shell.ts';

const tabs = [
  ['', 'mine.tab'],
  ['/devices', 'device.tab'],
  ['/contacts', 'contact.tab'],
  ['/password', 'mine.password'],
  ['/sessions', 'mine.sessions'],
] as const satisfies readonly (readonly [path: string, key: MessageKey])[];

/** Returns the head of all pages about the reader's own account. */
export function ownHead(
  { t, prefix }: Reader,
  { account, space }: Caller,
  current: (typeof tabs)[number][0],
): Omit<ShellPage, 'main'> & { readonly tabs: string } {
  const items = tabs.map(([path, key]) => {
    const here = path === current ? ' aria-current="page"' : '';
    return html`<li><a href="${prefix}/account${path}"!${here}>${t(key)}</a></li>`;
  });
  return {
    title: account.displayName ?? account.username,
    place: '/account',
    space,
    line: html`<span class="user">${account.username}</span>@${space.domain}`,
    tabs: html`<nav class="tabs" aria-label="${t('mine.tabs')}"><ul>!${items}</ul></nav>`,
  };
}
