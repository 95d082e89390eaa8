import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { stateCounts } from '../../accounts/account-states.ts';
import { groupsOf, listPage } from '../../administration/account-list.ts';
import { blockedTogether } from '../../administration/block-accounts.ts';
import { type AppError, invalidFields } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { parseId } from '../../lib/parse-id.ts';
import { mistakesIn, refusalText } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { accountRows } from '../parts/account-rows.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { type BulkNews, bulkActions, type Chosen, unblockChosen } from '../parts/bulk-actions.ts';
import { bulkBanner, bulkBar, confirmUnblocking, momentIn } from '../parts/bulk-bar.ts';
import { newsIn, pathAfter } from '../parts/bulk-news.ts';
import { defaultButton } from '../parts/default-button.ts';
import { box, isTicked } from '../parts/field.ts';
import { searchForm, stateLinks } from '../parts/list-head.ts';
import { type ListQuery, listFilterOf, listPath, listQueryOf } from '../parts/list-query.ts';
import { nextLink, rowsOnPage } from '../parts/paging.ts';
import { sentPassword } from '../parts/password-again.ts';
import { concernsFields, isConflict, tryChange } from '../parts/refusal.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace, spaceInView } from '../space-in-view.ts';
import type { SpaceView } from '../view.ts';

export const showAccounts = endpoint({
  summary: 'List the accounts of a space',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const space = spaceInView(app, caller, request);
    const view = { app, caller, reader: readerOf(app, request, reply, space), space };
    const query = queryOf(request);
    const deleted = doneBanner(doneSentence(view.reader, query.get('done'), { deleted: 'accounts.deleted' }));
    const news = newsIn(view, query);
    const banner = html`!${deleted}!${news === undefined ? '' : bulkBanner(view.reader, news)}`;
    return sendPage(reply, { html: await listOf(view, listQueryOf(request), banner) });
  },
});

const oneOrMore = Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 500 })]));
const form = Type.Object({
  action: Type.Optional(Type.Enum([...bulkActions.map(({ name }) => name), 'unblock'])),
  account: oneOrMore,
  all: box,
  /** The id of one account, from the button of its row. */
  block: Type.Optional(Type.String({ maxLength: 20 })),
  unblock: Type.Optional(Type.String({ maxLength: 20 })),
  /** With `unblock`: the moment at which all these accounts were blocked together. */
  blocked_at: Type.Optional(Type.String({ maxLength: 20 })),
  current_password: sentPassword,
});

export const submitAccounts = endpoint({
  summary: 'Do something with several accounts of a space',
  form,
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const space = spaceInView(app, caller, request);
    const query = listQueryOf(request);
    const sent = requireShape(form, body);
    const chosen = chosenOf({ space, query, now: app.now() }, sent);
    const view = { app, caller, reader: readerOf(app, request, reply, space), space };
    const { t } = view.reader;
    const answer = async (banner: string, status: number) =>
      sendPage(reply, { html: await listOf(view, { ...query, ...ticksOf(sent) }, banner), status });
    const refuse = (refusal: AppError, status: number) =>
      answer(html`<p class="banner bad" role="alert">${refusalText(t, refusal)}</p>`, status);
    if (chosen.ids?.length === 0) return refuse(missing('account'), 422);
    const name = sent.unblock !== undefined ? 'unblock' : sent.block !== undefined ? 'block' : sent.action;
    const action = bulkActions.find((each) => each.name === name);
    if (action === undefined && name !== 'unblock') return refuse(missing('action'), 422);
    const input = { app, caller, chosen };
    const { done: news, refusal } = await tryChange(
      (): Promise<BulkNews | string> =>
        action === undefined
          ? unblockChosen({ app, caller, request, reply }, chosen, sent.current_password)
          : action.run(input),
      (error) => isConflict(error) || concernsFields(error),
    );
    const mistakes = mistakesIn(t, refusal);
    if (mistakes !== undefined)
      return answer(confirmUnblocking(view.reader, caller, sent, { now: app.now(), mistakes }), 422);
    if (refusal !== undefined) return refuse(refusal, 409);
    return seeOther(app, reply, inSpace(caller, space, typeof news === 'string' ? news : pathAfter(view, query, news)));
  },
});

function missing(field: 'account' | 'action'): AppError {
  return invalidFields({ [field]: [{ code: 'required' }] });
}

/** Returns what is ticked in the list. *Undo* names its accounts itself, and none of them was ticked. */
function ticksOf({ action, account, all, unblock }: Static<typeof form>): Pick<ListQuery, 'ticked' | 'isAll'> {
  if (action === 'unblock' && unblock === undefined) return { ticked: [], isAll: false };
  return { ticked: idsIn(account), isAll: isTicked(all) };
}

function idsIn(sent: string | readonly string[] | undefined): number[] {
  return [sent ?? []].flat().flatMap((text) => parseId(text) ?? []);
}

/** Returns the chosen accounts. The button in a row takes precedence over ticked boxes. */
function chosenOf(
  { space, query, now }: { readonly space: Space; readonly query: ListQuery; readonly now: number },
  sent: Static<typeof form>,
): Chosen {
  const one = sent.block ?? sent.unblock;
  const blockedAt = momentIn(sent.blocked_at ?? '');
  if (one === undefined && blockedAt !== undefined) {
    return { space, query, filter: blockedTogether(space, blockedAt), ids: undefined };
  }
  const ids = idsIn(one ?? sent.account);
  const isAll = one === undefined && isTicked(sent.all);
  return { space, query, filter: listFilterOf(space, query, now), ids: isAll ? undefined : ids };
}

/** Returns a page of the list, or the first one if nobody is left on it. */
async function rowsOf({ app, space }: SpaceView, asked: ListQuery) {
  const filter = listFilterOf(space, asked, app.now());
  const page = await listPage(app, filter, { limit: rowsOnPage, after: asked.after });
  if (page.rows.length > 0 || asked.after === 0) return { ...page, query: asked };
  const query = { ...asked, after: 0 };
  return { ...(await listPage(app, filter, { limit: rowsOnPage, after: 0 })), query };
}

async function listOf(view: SpaceView, asked: ListQuery, banner: string): Promise<string> {
  const { app, caller, reader, space } = view;
  const { t } = reader;
  const pathTo = (path: string) => `${reader.prefix}${inSpace(caller, space, path)}`;
  const { rows: listed, more, query } = await rowsOf(view, asked);
  const counts = await stateCounts(app, space.id);
  const groups = await groupsOf(app, space.id);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const last = listed.at(-1)?.account.id;
  const next = more && last !== undefined ? pathTo(listPath({ ...query, after: last, open: undefined })) : undefined;
  const table =
    listed.length === 0
      ? nobody(view, query, pathTo)
      : html`!${defaultButton({ form: 'bulk' })}!${await accountRows(view, query, listed, pathTo)}`;
  const isNarrowed = query.search !== '' || query.group !== '';
  const main = html`!${banner}
!${searchForm(view, query, groups)}
<div id="list">
!${stateLinks(reader, query, isNarrowed ? undefined : counts, pathTo)}
!${table}
!${listed.length === 0 ? '' : bulkBar(reader, pathTo(listPath(query)), query.isAll)}
!${nextLink(reader, next)}
</div>`;
  const exported = pathTo(listPath({ ...query, after: 0, open: undefined }, '/export'));
  const actions = html`<a class="button plain" id="export" href="${exported}" download>${t('accounts.export')}</a><a class="button" href="${pathTo('/admin/accounts/new')}">${t('accounts.add')}</a>`;
  const line = total === 0 ? {} : { line: html`${t('accounts.news', { done: counts.active, total })}` };
  return shell(reader, caller, { title: t('accounts.title'), place: '/admin/accounts', space, ...line, actions, main });
}

function nobody(
  { reader: { t } }: SpaceView,
  { search, filter, group }: ListQuery,
  pathTo: (path: string) => string,
): string {
  const all = html`<p><a href="${pathTo('/admin/accounts')}">${t('accounts.showAll')}</a></p>`;
  if (search !== '') return html`<p role="status">${t('accounts.none', { search })}</p>!${all}`;
  if (filter !== undefined || group !== '') return html`<p role="status">${t('accounts.noneHere')}</p>!${all}`;
  return html`<h2>${t('accounts.empty')}</h2><p class="soft">${t('accounts.emptyLine')}</p>
<p class="buttons"><a class="button plain" href="${pathTo('/admin/import')}">${t('overview.import')}</a><a class="button plain" href="${pathTo('/admin/accounts/new')}">${t('accounts.add')}</a></p>`;
}
