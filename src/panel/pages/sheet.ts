import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedAmong } from '../../access/managed-account.ts';
import { type AccountInSpace, accountNotFound } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { send } from '../../http/sent.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { handOutSheet } from '../../sheets/hand-out-sheet.ts';
import { maxCards, presentCards, type SheetCard } from '../../sheets/sheet-card.ts';
import { endsSoon } from '../../tokens/hand-out-code.ts';
import { printScript } from '../assets.ts';
import { box, isTicked } from '../parts/field.ts';
import { filled } from '../parts/prose.ts';
import { shape } from '../parts/shape.ts';
import { sheetCards, sheetPath } from '../parts/sheet-cards.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace, spaceInView } from '../space-in-view.ts';

const form = Type.Object({
  account: Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: maxCards })]),
  /** Whether more accounts match than a sheet has. */
  more: box,
});

export const showSheet = endpoint({
  summary: 'Show a sheet of codes to print, or get it as a PDF',
  produces: ['text/html', 'application/pdf'],
  async handle({ app, caller, request, reply }) {
    const query = queryOf(request);
    const ids = query.getAll('account');
    const accounts = await chosenAccounts(app, caller, ids);
    const space = spaceInView(app, caller, request);
    const reader = readerOf(app, request, reply, space);
    const cards = await presentCards(app, accounts);
    if (query.get('format') === 'pdf' && cards.length > 0) {
      const { sheetPdf } = await import('../../sheets/sheet-pdf.ts');
      const pdf = await sheetPdf(cards, { title: reader.t('sheet.title'), paper: 'A4' });
      reply
        .header('content-type', 'application/pdf')
        .header('content-disposition', 'attachment; filename="codes.pdf"')
        .header('x-content-type-options', 'nosniff');
      return send(reply, pdf);
    }
    const toMake = toMakeOf(app, accounts, cards);
    const hasMore = query.get('more') === 'true';
    const notes = html`!${goneNote(reader, new Set(ids).size - accounts.length)}!${hasMore ? limitNote(reader) : ''}`;
    const main =
      accounts.length === 0
        ? noCards(reader, inSpace(caller, space, '/admin/accounts'))
        : html`!${notes}!${makeCodes(reader, toMake, { accounts, hasMore })}!${await sheetCards(reader, cards)}`;
    const page = {
      title: reader.t('sheet.title'),
      place: '/admin/sheet',
      space,
      ...(cards.length === 0 ? {} : { line: html`${reader.t('sheet.count', { count: cards.length })}` }),
      ...(cards.length === 0 ? {} : { actions: actions(reader, inSpace(caller, space, sheetPath(cards.map(idOf)))) }),
      scripts: [printScript],
      main,
    };
    return sendPage(reply, { html: shell(reader, caller, page) });
  },
});

export const makeSheet = endpoint({
  summary: 'Make the codes that a sheet lacks, or that are about to expire',
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const { account, more } = requireShape(form, body);
    const accounts = await chosenAccounts(app, caller, [account].flat());
    const { ids } = await handOutSheet(app, actorOf(caller), [accounts]);
    const space = spaceInView(app, caller, request);
    return seeOther(app, reply, inSpace(caller, space, sheetPath(ids, isTicked(more))));
  },
});

/** Returns the accounts that are still there. Throws as if the first one did not exist if there is none. */
async function chosenAccounts(app: App, caller: Caller, ids: readonly string[]): Promise<AccountInSpace[]> {
  if (ids.length > maxCards) throw new AppError('too-large', { what: 'items', max: maxCards });
  const accounts = await managedAmong(app, caller, ids);
  const [first] = ids;
  if (accounts.length === 0 && first !== undefined) throw accountNotFound(first);
  return accounts;
}

function idOf({ accountId }: SheetCard): number {
  return accountId;
}

function actions({ t, prefix }: Reader, path: string): string {
  return html`<a class="button plain" href="${prefix}${path}&format=pdf">${t('sheet.pdf')}</a><button type="button" class="button" data-prints hidden>${t('sheet.print')}</button>`;
}

/** Returns the line that says how many of the accounts were deleted since they were chosen. */
function goneNote({ t }: Reader, count: number): string {
  return count === 0 ? '' : note(html`${t('sheet.gone', { count })}`);
}

/** Returns the line that says that the sheet lacks accounts that match. */
function limitNote({ t }: Reader): string {
  const parts = { max: html`${maxCards}`, command: '<code>./ringup account sheet</code>' };
  return note(filled(t, 'sheet.limit', parts));
}

function note(line: string): string {
  return html`<p class="banner warn">!${shape('unusual')}<span>!${line}</span></p>`;
}

function noCards({ t, prefix }: Reader, accountsPath: string): string {
  return html`<h2>${t('sheet.empty')}</h2><p class="soft">${t('sheet.emptyLine')}</p>
<p class="buttons"><a class="button" href="${prefix}${accountsPath}">${t('sheet.choose')}</a></p>`;
}

/** The accounts whose codes change when the sheet is made. */
interface ToMake {
  /** Accounts without a card. */
  readonly lacking: readonly AccountInSpace[];
  /** Accounts whose code is about to expire. */
  readonly ending: readonly AccountInSpace[];
}

function toMakeOf(app: App, accounts: readonly AccountInSpace[], cards: readonly SheetCard[]): ToMake {
  const cardOf = new Map(cards.map((card) => [card.accountId, card]));
  const lacking = accounts.filter(({ account }) => !cardOf.has(account.id));
  const ending = accounts.filter(({ account, space }) =>
    endsSoon(app, space, cardOf.get(account.id)?.expiresAt ?? null),
  );
  return { lacking, ending };
}

/**
 * Returns the form that issues and extends codes, which a link must not do. It keeps all other accounts on the sheet.
 */
function makeCodes(
  { t }: Reader,
  { lacking, ending }: ToMake,
  { accounts, hasMore }: { readonly accounts: readonly AccountInSpace[]; readonly hasMore: boolean },
): string {
  if (lacking.length + ending.length === 0) return '';
  const blocked = lacking.filter(({ account }) => account.blockedAt !== null);
  const isMaking = blocked.length < lacking.length;
  const hidden = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`;
  const boxes = [
    ...accounts.map(({ account }) => hidden('account', String(account.id))),
    ...(hasMore ? [hidden('more', 'true')] : []),
  ];
  return html`<section class="lacking">!${named(t('sheet.lacking', { count: lacking.length }), lacking)}
!${blocked.length === 0 ? '' : html`<p class="soft">${t('sheet.blocked', { count: blocked.length })}</p>`}
!${named(t('sheet.ending', { count: ending.length }), ending)}
!${isMaking || ending.length > 0 ? html`<form method="post">!${boxes}<div class="buttons"><button class="button">${t(isMaking ? 'sheet.make' : 'sheet.extend')}</button></div></form>` : ''}
</section>`;
}

function named(title: string, accounts: readonly AccountInSpace[]): string {
  if (accounts.length === 0) return '';
  const names = accounts.map(({ account }) => html`<li><bdi>${account.displayName ?? account.username}</bdi></li>`);
  return html`<h2>${title}</h2>
<ul>!${names}</ul>`;
}
