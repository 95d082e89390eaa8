import { actorOf, type Caller } from '../../access/caller.ts';
import type { AccountInSpace } from '../../accounts/account.ts';
import { accountsWith, eachListed, type ListFilter, ownIds } from '../../administration/account-list.ts';
import { type ChangedAccounts, type ChangeOfAll, changeStateOfAll } from '../../administration/block-accounts.ts';
import type { App } from '../../app.ts';
import type { MessageKey } from '../../locale/translate.ts';
import { inviteAll } from '../../mail/invite.ts';
import { whomToInvite } from '../../mail/whom-to-invite.ts';
import { handOutSheet } from '../../sheets/hand-out-sheet.ts';
import type { Space } from '../../spaces/space.ts';
import type { Asked } from '../view.ts';
import { type ListQuery, listPath, withQuery } from './list-query.ts';
import { invitationsPath } from './mail-state.ts';
import { withPasswordAgain } from './password-again.ts';
import { sheetPath } from './sheet-cards.ts';

/** The accounts that an action is for: those with ticked boxes, or all that match the list. */
export interface Chosen {
  readonly space: Space;
  /** The list in which the accounts were chosen. */
  readonly query: ListQuery;
  readonly ids: readonly number[] | undefined;
  readonly filter: ListFilter;
}

/** An action of the bar below the list, for the chosen accounts. */
export interface BulkAction {
  readonly name: string;
  readonly label: MessageKey;
  /** Runs the action. Returns the path of the next page, or the message for the list. */
  run(input: { readonly app: App; readonly caller: Caller; readonly chosen: Chosen }): Promise<string | BulkNews>;
}

/** The message of the list: how many accounts were changed, and which, so that the change can be undone. */
export interface BulkNews extends ChangedAccounts {
  readonly done: 'block' | 'unblock';
  /** More than there are `ids` if earlier attempts blocked some of the accounts. */
  readonly count: number;
}

/** The actions in the order of their buttons. */
export const bulkActions: readonly BulkAction[] = [
  { name: 'invite', label: 'bulk.invite', run: inviteChosen },
  { name: 'sheet', label: 'sheet.title', run: makeSheet },
  { name: 'block', label: 'account.block', run: blockChosen },
];

/** Yields the ids of the chosen accounts in batches. Leaves out ids of other spaces. */
async function* eachChosen(app: App, { space, ids, filter }: Chosen): AsyncGenerator<readonly number[]> {
  if (ids === undefined) yield* eachListed(app, filter);
  else yield await ownIds(app, space.id, ids);
}

async function makeSheet({ app, caller, chosen }: Parameters<BulkAction['run']>[0]): Promise<string> {
  const { ids, hasMore } = await handOutSheet(app, actorOf(caller), accountsOf(app, chosen));
  return sheetPath(ids, hasMore);
}

function accountsOf(app: App, chosen: Chosen): AsyncGenerator<readonly AccountInSpace[]> {
  return accountsWith(app, chosen.space, eachChosen(app, chosen));
}

/** Blocks the chosen accounts. *All that match* may be more than the page shows, so another page asks first. */
async function blockChosen(input: Parameters<BulkAction['run']>[0]): Promise<string | BulkNews> {
  const { ids, query } = input.chosen;
  return ids === undefined ? blockingPath(query, input.app.now()) : changeChosen(input, { to: 'block' });
}

/** Returns the path of the page that asks. `at` is the moment to store for the block. */
export function blockingPath(query: ListQuery, at: number): string {
  return withQuery(listPath({ ...query, after: 0, open: undefined }, '/block'), { at: String(at) });
}

/** Unblocks the chosen accounts. Asks for the password if one of them becomes an administrator again. */
export function unblockChosen(asked: Asked, chosen: Chosen, password: string | undefined): Promise<BulkNews> {
  return withPasswordAgain(asked, password, (caller) =>
    changeChosen({ app: asked.app, caller, chosen }, { to: 'unblock' }),
  );
}

export async function changeChosen(
  { app, caller, chosen }: Parameters<BulkAction['run']>[0],
  wish: Omit<ChangeOfAll, 'except'>,
): Promise<BulkNews> {
  const batches = { [Symbol.asyncIterator]: () => eachChosen(app, chosen) };
  const changed = await changeStateOfAll(app, actorOf(caller), batches, { ...wish, except: caller.account.id });
  return { done: wish.to, count: changed.ids.length, ...changed };
}

async function inviteChosen({ app, caller, chosen }: Parameters<BulkAction['run']>[0]): Promise<string> {
  // Ticked accounts get a mail even if they had one before. *All that match* may include accounts that nobody looked
  // at, so only those without an earlier mail get one.
  const whom = whomToInvite(chosen.ids === undefined ? 'group' : 'named');
  return invitationsPath(await inviteAll(app, actorOf(caller), accountsOf(app, chosen), whom));
}
