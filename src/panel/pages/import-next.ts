import { html } from 'ghtml';
import { actorOf, type Caller } from '../../access/caller.ts';
import type { App } from '../../app.ts';
import {
  countCreatedAccounts,
  createdAccounts,
  createdPortions,
  handOutMissingCodes,
} from '../../importing/created-accounts.ts';
import type { CountedGroups, CreatedGroup, CreatedPortion, Import } from '../../importing/import.ts';
import { parseId } from '../../lib/parse-id.ts';
import type { Translate } from '../../locale/translate.ts';
import { inviteAll } from '../../mail/invite.ts';
import { mailServerOf } from '../../mail/mail-server.ts';
import { handOutSheet } from '../../sheets/hand-out-sheet.ts';
import { maxCards } from '../../sheets/sheet-card.ts';
import type { Space } from '../../spaces/space.ts';
import { defaultButton } from '../parts/default-button.ts';
import type { SentImport } from '../parts/import-form.ts';
import { invitationsPath } from '../parts/mail-state.ts';
import { shape } from '../parts/shape.ts';
import { sheetPath } from '../parts/sheet-cards.ts';
import { spacePath } from '../parts/space-pages.ts';
import type { Reader } from '../reader.ts';
import { inSpace } from '../space-in-view.ts';

/**
 * Returns the ways to hand out the codes of accounts that an import created. Returns nothing if all these accounts have
 * a phone.
 */
export async function nextPart(
  { app, caller, reader }: { readonly app: App; readonly caller: Caller; readonly reader: Reader },
  space: Space,
  found: Import,
): Promise<string> {
  if (found.written === 0 || found.erasedAt !== null) return '';
  const counted = await countCreatedAccounts(app, found);
  if (counted.all === 0) return '';
  const { t } = reader;
  const hasServer = mailServerOf(app, space) !== undefined;
  const isInviting = hasServer && counted['to-invite'] > 0;
  return html`<section class="next-steps"><h2>${t('import.next')}</h2>
<p class="soft">${t('import.nextLine', { count: counted.all })}</p>
!${mailWords({ caller, reader, space }, counted, hasServer)}
<form method="post">!${defaultButton({ action: 'stay' })}!${await portions(app, reader, found, counted)}<div class="buttons">!${isInviting ? button('button', 'invite', t('import.inviteNext', { count: counted['to-invite'] })) : ''}!${sheetButtons(reader, counted, isInviting)}</div>
!${tableOfResults(reader, found, counted)}</form></section>`;
}

function button(style: string, action: string, words: string): string {
  return html`<button class="${style}" name="action" value="${action}">${words}</button>`;
}

interface InSpace {
  readonly caller: Caller;
  readonly reader: Reader;
  readonly space: Space;
}

function mailWords({ caller, reader, space }: InSpace, counted: CountedGroups, hasServer: boolean): string {
  const { t, prefix } = reader;
  const waiting = counted['to-invite'];
  if (waiting > 0 && !hasServer) {
    return html`<p class="notice">!${shape('unusual')}<span>${t('import.noServerNext', { count: waiting })} <a href="${prefix}${spacePath(space, '/mail')}">${t('space.mail')}</a></span></p>`;
  }
  if (waiting > 0 || counted.all === counted['without-mail']) return '';
  return html`<p>!${shape('done')} ${t('import.invitedNext')} <a href="${prefix}${inSpace(caller, space, '/admin/invitations')}">${t('nav.invitations')}</a></p>`;
}

function sheetButtons({ t }: Reader, counted: CountedGroups, isInviting: boolean): string {
  const { all, 'without-mail': rest } = counted;
  const style = isInviting ? 'button plain' : 'button';
  const whole = t('import.sheetNext', { count: all });
  if (rest === 0 || rest === all) return button(style, 'sheet', whole);
  const words = t('import.sheetWithoutMail', { count: rest });
  return html`!${button(style, 'sheet-rest', words)}!${button('button plain', 'sheet', whole)}`;
}

/**
 * Returns the fields that choose a portion for each button of `sheetButtons`, because a page with more cards would be
 * too large.
 */
async function portions(
  app: App,
  { t }: Reader,
  found: Import,
  { all, 'without-mail': rest }: CountedGroups,
): Promise<string> {
  if (all <= maxCards) return '';
  const hasOwn = rest > maxCards && rest < all;
  const ofRest = hasOwn ? await createdPortions(app, found, 'without-mail', maxCards) : [];
  const ofAll = await createdPortions(app, found, 'all', maxCards);
  return html`!${portionField(t, 'from_rest', ofRest)}!${portionField(t, 'from', ofAll)}<p class="hint">${t('import.sheetNumbers')}</p>`;
}

const portionLabels = { from: 'import.sheetFrom', from_rest: 'import.sheetFromRest' } as const;

function portionField(t: Translate, name: keyof typeof portionLabels, found: readonly CreatedPortion[]): string {
  if (found.length === 0) return '';
  const options = found.map(({ first, from, to, accounts }) => {
    const words = t('import.sheetPortion', { range: `${from}–${to}`, count: accounts });
    return html`<option value="${first}">${words}</option>`;
  });
  return html`<div class="field"><label for="${name}">${t(portionLabels[name])}</label><select id="${name}" name="${name}">!${options}</select></div>`;
}

function tableOfResults({ t, prefix }: Reader, { id }: Import, { 'without-code': count }: CountedGroups): string {
  const link = html`<a href="${prefix}/api/imports/${id}/result" download>${t('import.result')}</a>`;
  if (count === 0) return html`<p>!${link}</p>`;
  return html`<h3>${t('import.codesTitle')}</h3><p class="hint">${t('import.codesNextLine', { count })}</p>
<div class="buttons">!${button('button plain', 'codes', t('import.codesNext', { count }))}</div><p>!${link}</p>`;
}

interface Step {
  readonly app: App;
  readonly caller: Caller;
  readonly found: Import;
}

/**
 * Runs the action of a button in this part. Returns the path of the page to show, or undefined if the button is not
 * from this part.
 */
export async function takeNextStep(step: Step, sent: SentImport): Promise<string | undefined> {
  const { app, caller, found } = step;
  switch (sent.action) {
    case 'invite':
      return invitationsPath(
        await inviteAll(app, actorOf(caller), createdAccounts(app, found, 'to-invite'), { invited: 'never' }),
      );
    case 'sheet':
      return makeSheet(step, 'all', sent.from);
    case 'sheet-rest':
      return makeSheet(step, 'without-mail', sent.from_rest);
    case 'codes':
      await handOutMissingCodes(app, actorOf(caller), found);
      return `/admin/import/${found.id}`;
    case 'stay':
      return `/admin/import/${found.id}`;
    default:
      return undefined;
  }
}

/** Issues the codes of one sheet: of the portion that begins at the position `from`, by default of the whole group. */
async function makeSheet({ app, caller, found }: Step, group: CreatedGroup, from = ''): Promise<string> {
  const first = parseId(from);
  const portion = first === undefined ? undefined : { first, size: maxCards };
  const { ids, hasMore } = await handOutSheet(app, actorOf(caller), createdAccounts(app, found, group, portion));
  return sheetPath(ids, hasMore);
}
