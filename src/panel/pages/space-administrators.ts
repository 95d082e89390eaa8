import type { FastifyRequest } from 'fastify';
import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import type { Account } from '../../accounts/account.ts';
import { getAccountOfSpace } from '../../accounts/find-account.ts';
import { administratorsOf } from '../../accounts/list-accounts.ts';
import { updateAccount } from '../../administration/update-account.ts';
import type { App } from '../../app.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import type { PageOfRows } from '../../lib/page-of-rows.ts';
import { mistakesIn, refusalText } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { field } from '../parts/field.ts';
import { afterIn, nextLink, pageOrFirst, placeIn, rowsOnPage } from '../parts/paging.ts';
import { passwordAgainField, sentPassword, withPasswordAgain } from '../parts/password-again.ts';
import { concernsFields, ending, isConflict, isUnknown, refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['add', 'remove'])),
  username: Type.Optional(Type.String({ maxLength: 400 })),
  current_password: sentPassword,
});

export const showAdministrators = endpoint({
  params: ['domain'],
  summary: 'List the administrators of a space',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const done = queryOf(request).get('done');
    const shown = { space, page: await shownPage(app, space, request), done, typed: '' };
    return sendPage(reply, pageOf(app, readerOf(app, request, reply, space), caller, shown));
  },
});

export const changeAdministrators = endpoint({
  params: ['domain'],
  summary: 'Make an account of the space an administrator, or take its rights',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const { action = 'add', username = '', current_password: password } = requireShape(form, body);
    const admin = action !== 'remove';
    const change = async () => {
      const found = await getAccountOfSpace(app, space, username);
      await withPasswordAgain({ app, caller, request, reply }, password, (by) =>
        updateAccount(app, actorOf(by), found, { admin }),
      );
    };
    const { refusal: error } = await tryChange(
      () => (admin ? change() : ending(change)),
      (each) => concernsFields(each) || isConflict(each) || isUnknown(each),
    );
    if (error !== undefined) {
      const shown = { space, page: await shownPage(app, space, request), typed: admin ? username : '', error };
      return sendPage(reply, pageOf(app, readerOf(app, request, reply, space), caller, shown));
    }
    const path = spacePath(space, '/administrators');
    return seeOther(app, reply, `${path}?done=${admin ? 'add' : 'remove'}${placeIn(queryOf(request))}`);
  },
});

function shownPage(app: App, space: Space, request: FastifyRequest): Promise<PageOfRows<Account>> {
  return pageOrFirst(afterIn(queryOf(request)), (after) => administratorsOf(app, space, { after, limit: rowsOnPage }));
}

interface Shown {
  readonly space: Space;
  readonly page: PageOfRows<Account>;
  readonly typed: string;
  readonly done?: string | null;
  readonly error?: AppError;
}

function pageOf(app: App, reader: Reader, caller: Caller, shown: Shown): Page {
  const { t, prefix } = reader;
  const { space, page, typed, done = null, error } = shown;
  const unknown = error !== undefined && isUnknown(error) ? error : undefined;
  const rows = page.rows.map((account) => row(reader, account));
  const path = `${prefix}${spacePath(space, '/administrators')}`;
  const next = page.more ? `${path}?after=${page.rows.at(-1)?.id}` : undefined;
  const table =
    rows.length === 0
      ? html`<h2>${t('admins.empty')}</h2><p class="soft">${t('admins.emptyLine')}</p>`
      : html`<table><thead><tr><th scope="col">${t('accounts.name')}</th><td></td></tr></thead><tbody>!${rows}</tbody></table>`;
  const main = html`!${doneBanner(doneSentence(reader, done, { add: 'admins.added', remove: 'admins.removed' }))}
!${unknown === undefined ? refusalBanner(reader, error) : ''}
!${table}
!${nextLink(reader, next)}
<section><h2>${t('admins.add')}</h2>
<form method="post">
!${field({
    name: 'username',
    label: t('account.username'),
    hint: html`${t('admins.addHint')}`,
    attributes: html`value="${typed}" autocomplete="off" autocapitalize="none" spellcheck="false" required`,
    mistakes: unknown === undefined ? [] : [refusalText(t, unknown)],
  })}
!${passwordAgainField(reader, caller, { now: app.now(), mistakes: mistakesIn(t, error) })}
<div class="buttons"><button class="button" name="action" value="add">${t('admins.addButton')}</button></div>
</form></section>`;
  const line = html`${t(space.super ? 'admins.lineSuper' : 'admins.line')}`;
  return {
    html: shell(reader, caller, { ...spaceHead(reader, space, '/administrators'), line, main }),
    ...statusOf(error),
  };
}

function row({ t, prefix }: Reader, { id, username, displayName }: Account): string {
  return html`<tr data-id="${id}"><td><a class="name" href="${prefix}/admin/accounts/${id}"><bdi>${displayName ?? username}</bdi></a><span class="second">${username}</span></td>
<td><form method="post"><input type="hidden" name="username" value="${username}"><button class="word soft" name="action" value="remove">${t('admins.remove')}<span class="hidden"> ${username}</span></button></form></td></tr>`;
}
