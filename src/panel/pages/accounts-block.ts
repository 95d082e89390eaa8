import { html } from 'ghtml';
import { countListed, type ListFilter } from '../../administration/account-list.ts';
import { recentDays } from '../../administration/attention.ts';
import { blockable, blockedTogether } from '../../administration/block-accounts.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { blockingPath, changeChosen } from '../parts/bulk-actions.ts';
import { bulkBanner, momentIn } from '../parts/bulk-bar.ts';
import { pathAfter } from '../parts/bulk-news.ts';
import { endingLists } from '../parts/ending-lists.ts';
import { type ListQuery, listFilterOf, listPath, listQueryOf } from '../parts/list-query.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { reasonWords } from '../parts/state-words.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace, spaceInView } from '../space-in-view.ts';
import type { Asked, SpaceView } from '../view.ts';

interface BlockingView extends SpaceView {
  readonly query: ListQuery;
  /** The moment that is stored for all accounts that this page blocks. */
  readonly at: number;
}

const maxAgeMs = 60 * 60_000;

export const showBlockingOfAll = endpoint({
  summary: 'Show what ends if all accounts that match are blocked',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const view = viewOf({ app, caller, request, reply });
    return sendPage(reply, await blockingPage(view));
  },
});

export const submitBlockingOfAll = endpoint({
  summary: 'Block all accounts that match',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const view = viewOf({ app, caller, request, reply });
    const { space, query, at: blockedAt } = view;
    const chosen = { space, query, filter: filterOf(view), ids: undefined };
    const { done: news, refusal } = await tryChange(() =>
      changeChosen({ app, caller, chosen }, { to: 'block', blockedAt }),
    );
    if (refusal !== undefined) return sendPage(reply, await blockingPage(view, refusal));
    const count = await countBlocked(view);
    return seeOther(app, reply, inSpace(caller, space, pathAfter(view, query, { ...news, count })));
  },
});

function viewOf({ app, caller, request, reply }: Asked): BlockingView {
  const space = spaceInView(app, caller, request);
  const reader = readerOf(app, request, reply, space);
  return { app, caller, reader, space, query: listQueryOf(request), at: momentOf(request, app.now()) };
}

/**
 * Returns the moment of the block, which is in the address, and by which *Undo* finds the accounts. A proxy may give up
 * waiting while thousands are blocked. Whoever then sends the form again, or loads the page again, keeps the moment, so
 * that *Undo* is for the accounts of all attempts. Events have the time at which they happen.
 */
function momentOf(request: Asked['request'], now: number): number {
  const at = momentIn(queryOf(request).get('at') ?? '');
  return at !== undefined && at <= now && at >= now - maxAgeMs ? at : now;
}

async function countBlocked({ app, space, at }: BlockingView): Promise<number> {
  return (await countListed(app, blockedTogether(space, at))).accounts;
}

function filterOf({ app, caller, space, query }: BlockingView): ListFilter {
  return blockable(listFilterOf(space, query, app.now()), caller.account.id);
}

async function blockingPage(view: BlockingView, refusal?: AppError): Promise<Page> {
  const { app, caller, reader, space, query, at } = view;
  const { t, prefix } = reader;
  const { accounts: count, phones } = await countListed(app, filterOf(view));
  const list = `${prefix}${inSpace(caller, space, listPath(query))}`;
  const form = `${prefix}${inSpace(caller, space, blockingPath(query, at))}`;
  const asks = html`!${endingLists(reader, {
    ends: [
      t('bulk.blockEnds', { count }),
      ...(phones === 0 ? [] : [t('bulk.blockPhones', { phones })]),
      t('bulk.blockCodes'),
    ],
    stays: [t('bulk.blockStays'), t('bulk.blockUndo')],
  })}
<form method="post" action="${form}" class="buttons"><button class="button ending">${t('bulk.blockButton', { count })}</button><a class="word soft" href="${list}">${t('form.cancel')}</a></form>`;
  const page = {
    title: t('bulk.blockTitle', { count }),
    line: html`${matchWords(view)}`,
    place: '/admin/accounts',
    space,
    back: { path: inSpace(caller, space, listPath(query)), name: t('accounts.title') },
    main: html`!${refusalBanner(reader, refusal)}!${count === 0 ? await nobodyLeft(view, list) : asks}`,
  };
  return { html: shell(reader, caller, page), ...statusOf(refusal) };
}

/** Says that nobody is left to block. If that is because an earlier attempt has ended, offers to undo it. */
async function nobodyLeft(view: BlockingView, list: string): Promise<string> {
  const blocked = await countBlocked(view);
  const news = { done: 'block', count: blocked, ids: [], blockedAt: view.at } as const;
  const banner = blocked === 0 ? '' : bulkBanner(view.reader, news, list);
  return html`!${banner}<p class="soft">${view.reader.t('bulk.blockNobody')}</p>`;
}

/** Returns the filter and the search of the list in words, because they select the accounts of *all that match*. */
function matchWords({ reader, space, query }: BlockingView): string {
  const { t } = reader;
  const { search, filter, group, failure, isRecent } = query;
  const state = filter === undefined ? [] : [t(filter === 'no-mail' ? 'accounts.noMail' : `state.${filter}`)];
  const parts = [
    ...state,
    ...(failure === '' ? [] : [reasonWords(reader, failure)]),
    ...(isRecent ? [t('accounts.lately', { days: recentDays })] : []),
    ...(group === '' ? [] : [t('bulk.ofGroup', { group })]),
    ...(search === '' ? [] : [t('bulk.ofSearch', { search })]),
  ];
  return parts.length === 0 ? t('bulk.ofSpace', { space: space.name }) : parts.join(' · ');
}
