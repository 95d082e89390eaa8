import { html } from 'ghtml';
import type { AccountInSpace } from '../../accounts/account.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import type { ShellPage } from '../shell.ts';

const tabs = [
  ['', 'account.tab'],
  ['/provisioning', 'code.tab'],
  ['/devices', 'device.tab'],
  ['/external', 'external.tab'],
  ['/contacts', 'contact.tab'],
  ['/settings', 'own.tab'],
  ['/preview', 'preview.tab'],
  ['/events', 'timeline.tab'],
] as const satisfies readonly (readonly [path: string, key: MessageKey])[];

export type AccountTab = (typeof tabs)[number][0];

/** Returns the head of all pages about one account. */
export function accountHead(
  { t, prefix }: Reader,
  { account, space }: AccountInSpace,
  current: AccountTab,
): Omit<ShellPage, 'main'> & { readonly tabs: string } {
  const items = tabs.map(([path, key]) => {
    const here = path === current ? ' aria-current="page"' : '';
    return html`<li><a href="${prefix}/admin/accounts/${account.id}${path}"!${here}>${t(key)}</a></li>`;
  });
  return {
    title: account.displayName ?? account.username,
    place: '/admin/accounts',
    space,
    back: { path: '/admin/accounts', name: t('accounts.title') },
    line: html`<span class="user">${account.username}</span>@${space.domain}${account.group === null ? '' : ` · ${account.group}`}`,
    ...(account.blockedAt === null
      ? {
          actions: html`<a class="button plain" href="${prefix}/admin/accounts/${account.id}/block">${t('account.leave')}</a>`,
        }
      : {}),
    tabs: html`<nav class="tabs" aria-label="${t('account.tabs')}"><ul>!${items}</ul></nav>`,
  };
}
