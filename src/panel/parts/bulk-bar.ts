import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import { bulkActions } from './bulk-actions.ts';
import type { ShownNews } from './bulk-news.ts';
import { passwordAgainField } from './password-again.ts';

/** Returns the bar with the actions for ticked accounts. The boxes and buttons in the rows belong to its form. */
export function bulkBar({ t }: Reader, action: string, isAll: boolean): string {
  const buttons = bulkActions.map(
    ({ name, label }) => html`<button class="button plain" name="action" value="${name}">${t(label)}</button>`,
  );
  return html`<form id="bulk" class="bulk" method="post" action="${action}">
<p class="ticked" aria-hidden="true">${t('bulk.ticked')}</p>
<p class="check"><input type="checkbox" id="all" name="all" value="true"!${isAll ? ' checked' : ''}><label for="all">${t('bulk.all')}</label></p>
<p class="does">!${buttons}</p>
</form>`;
}

/** Parses a text as epoch milliseconds. Returns undefined if it is not a valid moment. */
export function momentIn(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * Returns the message about changed accounts, with a button to undo the change. Its form goes to the list: to the path
 * `list`, or by default to the page that is shown.
 */
export function bulkBanner({ t }: Reader, { done, count, ids, blockedAt }: ShownNews, list?: string): string {
  const hidden = (name: string, id: number) => html`<input type="hidden" name="${name}" value="${id}">`;
  const named = ids.map((id) => hidden('account', id));
  const accounts = blockedAt === undefined ? named : [hidden('blocked_at', blockedAt)];
  const undo = done === 'block' ? 'unblock' : 'block';
  const words = t(done === 'block' ? 'bulk.blocked' : 'bulk.unblocked', { count });
  const action = list === undefined ? '' : html` action="${list}"`;
  const form = html`<form method="post"!${action}>!${accounts}<button class="word" name="action" value="${undo}">${t('bulk.undo')}</button></form>`;
  return html`<div class="banner" role="status"><span>${words}</span>!${accounts.length === 0 ? '' : form}</div>`;
}

/** The fields of a form that select the accounts to unblock. */
type Choice = Readonly<Partial<Record<'account' | 'all' | 'unblock' | 'blocked_at', string | readonly string[]>>>;

/** Returns the form that asks for the caller's password before unblocking the chosen accounts. */
export function confirmUnblocking(
  reader: Reader,
  caller: Caller,
  { account, all, unblock, blocked_at }: Choice,
  facts: { readonly now: number; readonly mistakes: Mistakes },
): string {
  const hidden = Object.entries({ account, all, unblock, blocked_at }).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => html`<input type="hidden" name="${name}" value="${each}">`),
  );
  return html`<form method="post">!${hidden}!${passwordAgainField(reader, caller, facts)}
<div class="buttons"><button class="button" name="action" value="unblock">${reader.t('account.unblock')}</button></div></form>`;
}
